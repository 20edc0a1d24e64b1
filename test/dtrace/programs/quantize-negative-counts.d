/* Negative and mixed counts, and counts that sum to zero. */
#pragma D option quiet

BEGIN
{
	@a = quantize(1, -5);
	@b = quantize(1, 5); @b = quantize(2, -5);
	@c = quantize(1, 5); @c = quantize(1, -5);
	@d = quantize(1, -3); @d = quantize(8, -6);
	@e = quantize(0, 0);
	@f = quantize(1, 10); @f = quantize(2, -1); @f = quantize(4, 3);
	@g = quantize(4, -7); @g = quantize(2, 30000000000);
	exit(0);
}
