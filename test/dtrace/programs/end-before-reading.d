/* What BEGIN printed after exit() is read when END has fired: its data are in it. */
#pragma D option quiet

BEGIN
{
	@a["x"] = sum(5);
	printa(@a);
	exit(0);
}

END
{
	@a["z"] = sum(1);
}
