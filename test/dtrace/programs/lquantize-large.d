/* Labels of lquantize with many digits, increments, one bucket. */
#pragma D option quiet

BEGIN
{
	@a = lquantize(123456, 0, 300000, 30000);
	@a = lquantize(299999, 0, 300000, 30000);
	@a = lquantize(2000000000, 0, 300000, 30000);
	@b = lquantize(5, 0, 10, 10, 3);
	@c = lquantize(5, 0, 10, 10); @c = lquantize(-5, 0, 10, 10);
	@d = lquantize(3, 0, 10, 2, 100); @d = lquantize(5, 0, 10, 2, -100);
	exit(0);
}
