/* sizeof a string literal. */
#pragma D option quiet

BEGIN
{
	printf("%d %d\n", sizeof ("abc"), sizeof (""));
	exit(0);
}
