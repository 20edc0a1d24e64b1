/* Casts cut off and extend as C's do. */
#pragma D option quiet

BEGIN
{
	printf("%d %d %d\n", (char)300, (char)200, (uint8_t)-1);
	printf("%d %d\n", (int)0x1ffffffff, (unsigned int)0x1ffffffff);
	printf("%d %d\n", (long)(int)-1, (long)(unsigned int)-1);
	printf("%d %d\n", (int64_t)(uint8_t)-1, (uint64_t)(int8_t)-1);
	printf("%d %d\n", (short)0x18000, (ushort_t)0x18000);
	printf("%d %d\n", (uchar_t)257, (uint_t)-1);
	printf("%d %d\n", (int)'a' + 1, (char)('a' + 256));
	printf("%d\n", (int32_t)(int64_t)(int16_t)65535);
	exit(0);
}
