/* A truncated aggregation is used again; trunc to none. */
#pragma D option quiet

BEGIN
{
	@a[1] = sum(10); @a[2] = sum(20); @a[3] = sum(30);
	trunc(@a, 1);
	printa(@a);
	@a[2] = sum(5); @a[3] = sum(1); @a[4] = sum(100);
	printa(@a);
	trunc(@a, 0);
	printa(@a);
	@a[9] = sum(1);
	exit(0);
}
