/* min and max of negative, of one, of unsigned values. */
#pragma D option quiet

BEGIN
{
	@a = min(5); @a = min(-5); @a = min(0);
	@b = max(5); @b = max(-5); @b = max(0);
	@c = max(-7);
	@d = min(7);
	@e = max((uint64_t)-1); @e = max(1);
	@f = min((uint64_t)-1); @f = min(1);
	@g = max(0);
	@h = min(9223372036854775807); @h = min(-9223372036854775807 - 1);
	@i = max((uint32_t)-1); @i = max(1);
	exit(0);
}
