/* Integer literals: the type of each decides its width. */
#pragma D option quiet

BEGIN
{
	printf("%d %d %d %d\n", 017, 0x1f, 0X1F, 0);
	printf("%d %d\n", 2147483647, 2147483648);
	printf("%d %d\n", 4294967295, 4294967296);
	printf("%d %u\n", 9223372036854775807, 18446744073709551615ull);
	printf("%x %x\n", 0x80000000, 0xffffffffffffffffull);
	printf("%d %d %d\n", -2147483648, -2147483649, -1);
	printf("%d %d %d %d\n", sizeof (1), sizeof (2147483648), sizeof (1L), sizeof (1ULL));
	printf("%d %d %d\n", sizeof (0x7fffffff), sizeof (0xffffffff), sizeof (0x100000000));
	printf("%d %d %d\n", 10u, 10UL, 10ll);
	exit(0);
}
