/* printa in rows that are not quiet, in BEGIN and END. */

BEGIN
{
	@a = count();
	@b["key"] = sum(5);
	printa(@a);
	printa("[%@d]\n", @a);
	trace(1);
}

BEGIN
{
	printa("%s %@d\n", @b);
	exit(0);
}

END
{
	printa(@b);
	trace("end");
}
