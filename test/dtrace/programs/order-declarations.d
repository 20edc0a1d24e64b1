/* Aggregations print in the order in which the program names them first. */
#pragma D option quiet

BEGIN
/0/
{
	@never = count();
	@late = count();
}

BEGIN
{
	@z = count();
	@a = count();
	@ = count();
	@late = count();
}

END
{
	@m = count();
}

BEGIN
{
	@a = count();
	exit(0);
}
