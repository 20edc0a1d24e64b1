/* %d and %i of every size and sign. */
#pragma D option quiet

BEGIN
{
	printf("[%d] [%d] [%d]\n", (char)-1, (char)200, (unsigned char)200);
	printf("[%d] [%d] [%d]\n", (short)-1, (short)40000, (unsigned short)40000);
	printf("[%d] [%d] [%d]\n", -1, (int)3000000000, (unsigned int)3000000000);
	printf("[%d] [%d]\n", (long long)-1, (unsigned long long)-1);
	printf("[%i] [%i] [%i]\n", (int8_t)-128, (int16_t)-32768, (int32_t)-2147483648);
	printf("[%i] [%i]\n", (int64_t)0x8000000000000000, (uint64_t)0x8000000000000000);
	exit(0);
}
