/* What clear leaves of min and max, and what is added after it. */
#pragma D option quiet

BEGIN
{
	@m["cleared"] = min(5); @m["both"] = min(5);
	@x["cleared"] = max(-5); @x["both"] = max(-5);
}

tick-50ms
/n == 0/
{
	n = 1;
	clear(@m); clear(@x);
}

tick-1500ms
/n == 1/
{
	n = 2;
	printa(@m); printa(@x);
	printa("%s %@d\n", @m);
	@m["both"] = min(7); @x["both"] = max(-7);
	@m["new"] = min(1); @x["new"] = max(-1);
}

tick-3s
{
	printa("%s %@d\n", @m); printa("%s %@d\n", @x);
	exit(0);
}
