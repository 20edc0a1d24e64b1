/* clear keeps the keys: of each kind. */
#pragma D option quiet

BEGIN
{
	@c["k"] = count(); @s["k"] = sum(5); @m["k"] = min(5); @x["k"] = max(5); @v["k"] = avg(5); @d["k"] = stddev(5);
	@q["k"] = quantize(5); @l["k"] = lquantize(5, 0, 10, 1);
	clear(@c); clear(@s); clear(@m); clear(@x); clear(@v); clear(@d); clear(@q); clear(@l);
	exit(0);
}
