/* exit() gives its value as the exit status. */
#pragma D option quiet

BEGIN
{
	printf("before\n");
	exit(7);
	printf("after\n");
}

BEGIN
{
	printf("next clause\n");
}

END
{
	printf("end\n");
}
