/* stddev: of one value, of equal ones, of large and negative ones. */
#pragma D option quiet

BEGIN
{
	@a = stddev(5);
	@b = stddev(5); @b = stddev(5);
	@c = stddev(1); @c = stddev(2); @c = stddev(3); @c = stddev(4);
	@d = stddev(-100); @d = stddev(100);
	@e = stddev(4000000000); @e = stddev(2000000000);
	@f = stddev(1000000000000); @f = stddev(1000000000010);
	@g["x"] = stddev(1); @g["x"] = stddev(1000); @g["y"] = stddev(7);
	@h = stddev(-3); @h = stddev(-4); @h = stddev(-5);
	exit(0);
}
