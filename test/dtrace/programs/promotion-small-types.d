/* Operations on types smaller than int: are they int? */
#pragma D option quiet

char c;
unsigned char uc;
short s;

BEGIN
{
	c = -1; uc = 255; s = -2;
	printf("%d %d\n", c + uc, c * uc);
	printf("%d %d\n", uc * uc, uc - 256);
	printf("%x %x\n", ~(uint8_t)1, ~(char)1);
	printf("%d %d\n", -(char)-128, -(unsigned char)1);
	printf("%d %d %d\n", c == uc, c < uc, c - uc);
	printf("%d %d %d\n", sizeof (c + c), sizeof (-(char)1), sizeof (~(short)1));
	exit(0);
}
