/* Values ascending, then keys; negative values first. */
#pragma D option quiet

BEGIN
{
	@s["plus"] = sum(5); @s["minus"] = sum(-5); @s["zero"] = sum(0); @s["also five"] = sum(5);
	@m["a"] = max(-1); @m["b"] = max(-2); @m["c"] = max(0);
	@n["a"] = min(100); @n["b"] = min(-100); @n["c"] = min(0);
	@v["a"] = avg(-10); @v["b"] = avg(10); @v["c"] = avg(3); @v["c"] = avg(4);
	@d["a"] = stddev(10); @d["a"] = stddev(20); @d["b"] = stddev(1); @d["c"] = stddev(1); @d["c"] = stddev(2);
	@c["twice"] = count(); @c["twice"] = count(); @c["once"] = count();
	exit(0);
}
