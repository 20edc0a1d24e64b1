/* Comparisons of signed with unsigned values convert as C does. */
#pragma D option quiet

unsigned int ui;
unsigned long long ull;
char c;

BEGIN
{
	ui = 1; ull = 1; c = -1;
	printf("%d %d %d\n", -1 < ui, -1 < ull, -1 < 1);
	printf("%d %d\n", c == -1, c < 0);
	printf("%d %d\n", (long long)-1 < ui, (int)-1 == 4294967295);
	printf("%d %d\n", (uint64_t)-1 > 0, -1 > 0);
	printf("%d %d %d\n", 1 < 2 < 3, 3 > 2 > 1, 1 == 1 == 1);
	printf("%d %d\n", 0x8000000000000000 > 0, (int64_t)0x8000000000000000 > 0);
	exit(0);
}
