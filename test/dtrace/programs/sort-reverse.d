/* aggsortrev. */
#pragma D option quiet
#pragma D option aggsortrev

BEGIN
{
	@a["x"] = sum(1); @a["y"] = sum(3); @a["z"] = sum(2); @a["w"] = sum(3);
	@b[3] = count(); @b[1] = count(); @b[2] = count();
	@c["p"] = quantize(1); @c["q"] = quantize(100);
	exit(0);
}
