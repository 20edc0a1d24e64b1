/* The type of a cast constant. */
#pragma D option quiet

BEGIN
{
	printf("%d %d %d %d\n", sizeof ((short)-2), sizeof ((short)2), sizeof ((char)-1), sizeof ((char)1));
	printf("%d %d\n", sizeof ((long)-2), sizeof ((uint64_t)(-2)));
	printf("%d %d %d\n", (char)200, (unsigned char)-1, (short)65535);
	printf("%d %d\n", (char)200 + 1, (unsigned char)300 + 1);
	exit(0);
}
