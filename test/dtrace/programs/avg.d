/* avg rounds towards zero, of negative values too. */
#pragma D option quiet

BEGIN
{
	@a = avg(1); @a = avg(2);
	@b = avg(-1); @b = avg(-2);
	@c = avg(7); @c = avg(7); @c = avg(6);
	@d = avg(-7); @d = avg(-7); @d = avg(-6);
	@e = avg(0);
	@f = avg(9223372036854775807); @f = avg(9223372036854775807);
	@g = avg(1); @g = avg(-1); @g = avg(-1);
	@h["k"] = avg(9007199254740993);
	exit(0);
}
