/* The type of a binary operation, seen by its size, its sign and its digits. */
#pragma D option quiet


char c;
unsigned char uc;
short s;
unsigned int ui;
long long ll;
unsigned long long ull;

BEGIN
{
	c = -1; uc = 255; s = -2; ui = 4294967295; ll = -1; ull = 1;
	printf("%d %d\n", c + uc, c * uc);
	printf("%d %u\n", c + ui, c + ui);
	printf("%d %d\n", s * 100000, uc * uc);
	printf("%d %u\n", ui + 1, ui + 1);
	printf("%d %d\n", ll + ui, ll * ui);
	printf("%d %u\n", ll + ull, ll + ull - 1);
	printf("%d %d %d\n", sizeof (c + c), sizeof (c + ll), sizeof (ui + c));
	printf("%d %d\n", uc - 256, c - uc);
	exit(0);
}
