/* Shifts: arithmetic for signed, logical for unsigned values. */
#pragma D option quiet

BEGIN
{
	n = 63; m = 4;
	printf("%d %d\n", 1LL << n, 1LL << 40);
	printf("%d %d\n", -16 >> 2, (long long)-16 >> m);
	printf("%u %u\n", (uint64_t)-16 >> 60, 0x8000000000000000 >> n);
	printf("%x %x\n", 0xf0 >> m, 0xf0 << m);
	printf("%d %d\n", 1 << 30, 1 << 4 << 4);
	x = 3; x <<= 4; printf("%d ", x); x >>= 2; printf("%d\n", x);
	exit(0);
}
