/* The quiet option counts wherever it stands. */

BEGIN
{
	trace("here");
	trace(1);
	@a["k"] = count();
}

#pragma D option quiet

BEGIN
{
	printf(" and here\n");
	exit(0);
}
