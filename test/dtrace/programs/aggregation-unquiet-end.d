/* The aggregations of a program that is not quiet, after its rows. */

BEGIN
{
	trace("row");
	@a = count();
	@b["k", 2] = sum(3);
	@c = quantize(5);
	exit(0);
}
