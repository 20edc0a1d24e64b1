/* The first of two exit() or the last? */
#pragma D option quiet

BEGIN
{
	exit(4);
	exit(5);
}

END
{
	printf("end\n");
	exit(6);
}
