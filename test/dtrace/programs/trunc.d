/* trunc: all, the largest, the smallest, more than there are. */
#pragma D option quiet

BEGIN
{
	@a["one"] = sum(1); @a["two"] = sum(2); @a["three"] = sum(3); @a["four"] = sum(4);
	@b["one"] = sum(1); @b["two"] = sum(2); @b["three"] = sum(3); @b["four"] = sum(4);
	@c["one"] = sum(1); @c["two"] = sum(2); @c["three"] = sum(3);
	@d["one"] = sum(1); @d["two"] = sum(2);
	@e["x"] = sum(1); @e["y"] = sum(1); @e["z"] = sum(1);
	trunc(@a, 2);
	trunc(@b, -2);
	trunc(@c);
	trunc(@d, 10);
	trunc(@e, 1);
	exit(0);
}
