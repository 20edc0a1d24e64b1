/* Division and remainder round towards zero. */
#pragma D option quiet

BEGIN
{
	a = 7; b = -7; c = 2; d = -2;
	printf("%d %d %d %d\n", a / c, b / c, a / d, b / d);
	printf("%d %d\n", a % c, b % c);
	printf("%d %d %d %d\n", 7 / 2, -7 / 2, 7 / -2, -7 / -2);
	printf("%d %d\n", 7 % 2, -7 % 2);
	printf("%d %d\n", (long long)-9223372036854775807 / 10, (long long)-9223372036854775807 % 10);
	u = (uint64_t)-1;
	printf("%u %u\n", u / 10, u % 10);
	printf("%u\n", (uint32_t)-1 / 3);
	exit(0);
}
