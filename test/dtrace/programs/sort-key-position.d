/* aggsortkeypos, with keys of several parts. */
#pragma D option quiet
#pragma D option aggsortkey
#pragma D option aggsortkeypos=1

BEGIN
{
	@[1, "c", 3] = sum(1); @[2, "a", 2] = sum(2); @[3, "b", 1] = sum(3); @[0, "a", 9] = sum(4);
	@one["only"] = count(); @one["another"] = count();
	exit(0);
}
