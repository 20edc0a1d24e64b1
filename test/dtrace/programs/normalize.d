/* normalize changes what is shown of each kind; denormalize takes it back. */
#pragma D option quiet

BEGIN
{
	@c = count(); @c = count(); @c = count();
	@s["a"] = sum(100); @s["b"] = sum(-100); @s["c"] = sum(7);
	@v = avg(100); @v = avg(200);
	@m = max(99);
	@q = quantize(4); @q = quantize(4); @q = quantize(8);
	@l = lquantize(3, 0, 10, 1, 9);
	@d = stddev(100); @d = stddev(200);
	normalize(@c, 2); normalize(@s, 10); normalize(@v, 7); normalize(@m, 10); normalize(@q, 2); normalize(@l, 2);
	normalize(@d, 3);
	printa(@c); printa(@s); printa(@v); printa(@m); printa(@q); printa(@l); printa(@d);
	denormalize(@c); denormalize(@s); denormalize(@v);
	printa(@c); printa(@s); printa(@v);
	exit(0);
}
