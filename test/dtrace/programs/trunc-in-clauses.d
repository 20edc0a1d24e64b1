/* trunc among the clauses of one probe. */
#pragma D option quiet

BEGIN
{
	@t["x"] = sum(1);
	@t["y"] = sum(2);
	trunc(@t);
}

BEGIN
{
	@t["x"] = sum(10);
	@n["x"] = sum(10);
	normalize(@n, 10);
}

BEGIN
{
	@n["x"] = sum(10);
}

tick-2s
{
	exit(0);
}
