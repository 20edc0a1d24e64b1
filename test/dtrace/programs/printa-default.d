/* printa without a format, and what the end does not repeat. */
#pragma D option quiet

BEGIN
{
	@printed["a"] = count(); @printed["b"] = count();
	@not["c"] = count();
	@late["d"] = count();
	printa(@printed);
	printf("between\n");
	printa(@printed);
	printa(@late);
	exit(0);
}

END
{
	@end["e"] = count();
	printf("end\n");
}
