/* arguments: 5 hello 3 */
/* $1 as it stands, $$2 as a string. */
#pragma D option quiet

BEGIN
{
	printf("%d %s %d\n", $1 + 1, $$2, $3 * 2);
	printf("%s %d\n", $$1, strlen($$2));
	printf("%d\n", $1 == 5 ? 1 : 0);
	exit(0);
}
