/* lquantize: below, above, at the limits; a base below zero; a step that does not divide the range. */
#pragma D option quiet

BEGIN
{
	@a = lquantize(-1, 0, 10, 1); @a = lquantize(0, 0, 10, 1); @a = lquantize(9, 0, 10, 1); @a = lquantize(10, 0, 10, 1);
	@b = lquantize(5, 0, 10, 1);
	@c = lquantize(-15, -20, 20, 10); @c = lquantize(-5, -20, 20, 10); @c = lquantize(5, -20, 20, 10);
	@d = lquantize(8, 0, 10, 3); @d = lquantize(9, 0, 10, 3); @d = lquantize(10, 0, 10, 3);
	@e = lquantize(-100, 0, 10, 1);
	@f = lquantize(100, 0, 10, 1);
	@g = lquantize(3, 0, 5);
	@h = lquantize(-3, -5, 0);
	exit(0);
}
