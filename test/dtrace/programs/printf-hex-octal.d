/* %x, %X and %o of negative values, small types, and with #. */
#pragma D option quiet

BEGIN
{
	printf("[%x] [%x] [%x] [%x]\n", (char)-2, (short)-2, -2, (long long)-2);
	printf("[%X] [%X] [%X] [%X]\n", (char)-2, (short)-2, -2, (long long)-2);
	printf("[%o] [%o] [%o] [%o]\n", (char)-2, (short)-2, -2, (long long)-2);
	printf("[%x] [%X] [%o]\n", (unsigned char)0xab, (unsigned short)0xabcd, (unsigned char)0377);
	printf("[%#x] [%#X] [%#o]\n", 255, 255, 255);
	printf("[%#x] [%#X] [%#o]\n", 0, 0, 0);
	exit(0);
}
