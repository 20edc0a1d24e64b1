/* The signs of quotients and remainders: of variables, constants and in assignments. */
#pragma D option quiet

int32_t i, j;
int64_t l;
uint64_t u;

BEGIN
{
	i = 19; j = 5; l = -19; u = 7;
	printf("%d %d %d %d\n", i % j, i % -j, l % j, l % -j);
	printf("%d %d %d %d\n", i / j, i / -j, l / j, l / -j);
	printf("%d %d %d %d\n", 19 % 5, 19 % -5, -19 % 5, -19 % -5);
	printf("%d %d %d %d\n", i % -5, l % -5, 19 % -j, -19 % -j);
	printf("%d %d\n", l % u, u % -5);
	i %= -5; l %= -5; printf("%d %d\n", i, l);
	i = 19; l = -19; i /= -5; l /= -5; printf("%d %d\n", i, l);
	exit(0);
}
