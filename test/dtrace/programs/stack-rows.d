/* A stack as a statement and in printf(). */
BEGIN
{
	stack();
}

BEGIN
{
	stack(5);
	trace(1);
}

BEGIN
{
	printf("[%k]", stack());
	exit(0);
}
