/* Data that come after clear, printed by printa and in the end. */
#pragma D option quiet

BEGIN
{
	@a["x"] = sum(5); @a["y"] = sum(6);
	printa(@a);
	clear(@a);
	printa(@a);
	@a["y"] = sum(7);
	printa(@a);
	exit(0);
}
