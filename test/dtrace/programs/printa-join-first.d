/* The order of joined rows by default. */
#pragma D option quiet

BEGIN
{
	@a[1] = sum(30); @a[2] = sum(20); @a[3] = sum(10);
	@b[1] = sum(1); @b[2] = sum(3); @b[3] = sum(2); @b[4] = sum(2);
	printa("%d %@d %@d\n", @a, @b);
	printa("%d %@d %@d\n", @b, @a);
	exit(0);
}
