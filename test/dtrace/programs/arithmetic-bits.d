/* Bitwise operators and their precedence. */
#pragma D option quiet

BEGIN
{
	printf("%d %d %d %d\n", 12 & 10, 12 | 10, 12 ^ 10, ~12);
	printf("%d %d\n", 1 | 2 ^ 3 & 4, (1 | 2) ^ 3 & 4);
	printf("%d %d\n", 1 + 2 << 3, 1 << 2 + 3);
	printf("%d %d\n", 5 & 3 == 3, (5 & 3) == 1);
	printf("%x %x\n", ~0, ~0ULL);
	x = 0xff; x &= 0x3c; printf("%x ", x); x |= 1; printf("%x ", x); x ^= 0xff; printf("%x\n", x);
	exit(0);
}
