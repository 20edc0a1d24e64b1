/* aggsortkey. */
#pragma D option quiet
#pragma D option aggsortkey

BEGIN
{
	@a["x"] = sum(1); @a["z"] = sum(3); @a["y"] = sum(2);
	@b[3, "a"] = sum(1); @b[-1, "b"] = sum(9); @b[3, "0"] = sum(5); @b[0, "c"] = sum(2);
	exit(0);
}
