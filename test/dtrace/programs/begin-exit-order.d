/* BEGIN calls exit: rows of BEGIN and END, in which order, and what clear there does. */

BEGIN
{
	@a["x"] = sum(5);
	printf("begin");
	clear(@a);
}

BEGIN
{
	printf("begin again");
	exit(0);
}

END
{
	@a["z"] = sum(1);
	printf("end");
	printa(@a);
}
