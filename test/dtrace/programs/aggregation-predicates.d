/* Clauses that never aggregate: nothing is printed of what has no data. */
#pragma D option quiet

BEGIN
/0/
{
	@a = count();
	@b["x"] = sum(5);
}

BEGIN
{
	printa(@a);
	printa("%@d\n", @a);
	printa(@b);
	printf("done\n");
	exit(0);
}
