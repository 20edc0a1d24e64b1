/* Rows of printf when not quiet: with and without a newline, two in one clause. */

BEGIN
{
	printf("no newline");
}

BEGIN
{
	printf("with newline\n");
}

BEGIN
{
	printf("first ");
	printf("second");
}

BEGIN
{
	printf("first\n");
	printf("second\n");
}

BEGIN
{
	printf("value %d", 1);
	trace(2);
	printf("\n");
	exit(0);
}

END
{
	printf("the end");
}
