/* %@d of each kind of aggregation. */
#pragma D option quiet

BEGIN
{
	@c = count(); @s = sum(-5); @m = min(-3); @x = max(3); @v = avg(7); @v = avg(8); @d = stddev(10); @d = stddev(20);
	printa("%@d %@u\n", @c);
	printa("%@d %@x\n", @s);
	printa("%@d\n", @m);
	printa("%@d\n", @x);
	printa("[%@8d]\n", @v);
	printa("[%-@8d]\n", @d);
	exit(0);
}
