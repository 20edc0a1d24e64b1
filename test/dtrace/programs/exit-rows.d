/* What of BEGIN still runs after exit(), not quiet. */

BEGIN
{
	trace(1);
	exit(3);
	trace(2);
}

BEGIN
{
	trace(3);
}

END
{
	trace(4);
}

END
{
	@a = count();
}
