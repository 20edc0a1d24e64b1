/* A histogram inside a format. */
#pragma D option quiet

BEGIN
{
	@q["key"] = quantize(3); @q["other"] = quantize(100);
	@l = lquantize(3, 0, 5, 1);
	printa("before %s:\n%@d after\n", @q);
	printa("%@d", @l);
	printa(@q);
	exit(0);
}
