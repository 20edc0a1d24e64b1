/* A key is as wide as it was where the aggregation was first used. */
#pragma D option quiet

BEGIN
{
	@a[(char)1] = count();
	@a[300] = count();
	@b[1] = count();
	@b[(char)-1] = count();
	@c[(long long)1] = count();
	@c[-1] = count();
	@c[(unsigned int)-1] = count();
	exit(0);
}
