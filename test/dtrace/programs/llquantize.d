/* llquantize: below, inside, above. */
#pragma D option quiet

BEGIN
{
	@a = llquantize(0, 10, 0, 3, 10); @a = llquantize(1, 10, 0, 3, 10); @a = llquantize(5, 10, 0, 3, 10);
	@a = llquantize(55, 10, 0, 3, 10); @a = llquantize(999, 10, 0, 3, 10); @a = llquantize(100000, 10, 0, 3, 10);
	@b = llquantize(-55, 10, 0, 3, 10); @b = llquantize(55, 10, 0, 3, 10);
	@c = llquantize(3, 2, 2, 6, 2); @c = llquantize(40, 2, 2, 6, 2);
	@d = llquantize(5, 10, 1, 2, 10);
	@e["k"] = llquantize(150, 10, 1, 3, 20); @e["k"] = llquantize(155, 10, 1, 3, 20, 4);
	exit(0);
}
