/* The sign of a remainder where the divisor is negative. */
#pragma D option quiet

BEGIN
{
	a = 7; b = -7; d = -2;
	printf("%d %d\n", a % d, b % d);
	exit(0);
}
