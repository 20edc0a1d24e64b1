/* The outermost buckets of quantize. */
#pragma D option quiet

BEGIN
{
	@a = quantize(9223372036854775807);
	@b = quantize(-9223372036854775807 - 1);
	@c = quantize(9223372036854775807); @c = quantize(4611686018427387904);
	@d = quantize((uint64_t)-1);
	@e = quantize(4611686018427387903);
	exit(0);
}
