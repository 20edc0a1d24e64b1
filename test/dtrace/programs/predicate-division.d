/* A division inside a predicate stands in parentheses. */
#pragma D option quiet

BEGIN
/(10 / 2) == 5/
{
	printf("ten by two\n");
}

BEGIN
/x++/
{
	printf("never\n");
}

BEGIN
/x == 1 && strlen("abc") == 3/
{
	printf("and\n");
}

BEGIN
/x = 5/
{
	printf("assigned %d\n", x);
}

BEGIN
/"a" == "a"/
{
	printf("strings\n");
	exit(0);
}
