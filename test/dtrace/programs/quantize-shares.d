/* The bars: rounding of their lengths. */
#pragma D option quiet

BEGIN
{
	@a = quantize(1); @a = quantize(1); @a = quantize(2);
	@b = quantize(1, 1); @b = quantize(2, 79); @b = quantize(4, 1);
	@c = quantize(1, 1); @c = quantize(2, 80); @c = quantize(4, 1000);
	@d = quantize(1, 1); @d = quantize(64, 1);
	@e = quantize(-4, 3); @e = quantize(0, 2); @e = quantize(16, 5);
	exit(0);
}
