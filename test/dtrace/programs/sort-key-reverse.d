/* aggsortkey and aggsortrev together. */
#pragma D option quiet
#pragma D option aggsortkey
#pragma D option aggsortrev

BEGIN
{
	@["b", 1] = sum(1); @["a", 2] = sum(2); @["c", 0] = sum(3); @["a", 3] = sum(0);
	exit(0);
}
