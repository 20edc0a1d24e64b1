/* Two and three aggregations side by side, without a format and with one. */
#pragma D option quiet

BEGIN
{
	@a["x"] = count(); @a["y"] = count(); @a["y"] = count();
	@b["x"] = sum(100); @b["z"] = sum(5);
	@c["w"] = max(7);
	printa(@a, @b);
	printa("%s %@d %@d\n", @a, @b);
	printa("%-5s|%@5d|%@5d|%@5d\n", @a, @b, @c);
	printa("%@d only\n", @a, @b);
	printa("%s twice %@d %@d %@d\n", @a, @b);
	exit(0);
}
