/* Joined negative numbers in a format. */
#pragma D option quiet

BEGIN
{
	@a["x"] = count();
	@b["x"] = sum(-5);
	printa("%s %@d %@d\n", @a, @b);
	printa("%s %@d %@d\n", @b, @a);
	exit(0);
}
