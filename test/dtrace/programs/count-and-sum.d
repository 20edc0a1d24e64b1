/* count and sum: 64 bits, wrapping; exact above 2^53. */
#pragma D option quiet

BEGIN
{
	@a = count(); @a = count(); @a = count();
	@b = sum(9007199254740993); @b = sum(9007199254740993);
	@c = sum(9223372036854775807); @c = sum(1);
	@d = sum(-5); @d = sum(3);
	@e = sum((unsigned char)200); @e = sum((char)200);
	@f = sum((uint64_t)-1);
	@g = sum((uint32_t)-1);
	exit(0);
}
