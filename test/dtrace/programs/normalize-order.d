/* Order is by what was counted, not by what is shown; later data are normalized too. */
#pragma D option quiet

BEGIN
{
	@["a"] = sum(19); @["b"] = sum(11); @["c"] = sum(15);
	normalize(@, 10);
	printa(@);
	@["d"] = sum(99);
	@["a"] = sum(1);
	printa("%s %@d\n", @);
	exit(0);
}
