/* ?: over assignments. */
#pragma D option quiet

BEGIN
{
	x = 1;
	x ? (y = 10) : (z = 20);
	printf("%d %d\n", y, z);
	!x ? (y = 30) : (z = 40);
	printf("%d %d\n", y, z);
	@a = sum(x ? 5 : 7);
	@b[x ? "left" : "right"] = count();
	exit(0);
}
