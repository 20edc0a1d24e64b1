/* The type of a binary operation, seen by its size, its sign and its digits. */
#pragma D option quiet

char c;
short s;
unsigned int ui;
long long ll;
unsigned long long ull;

BEGIN
{
	c = -1; s = -2; ui = 4294967295; ll = -1; ull = 1;
	printf("%d %u\n", c + ui, c + ui);
	printf("%d %d\n", s * 100000, c * 300);
	printf("%d %u\n", ui + 1, ui + 1);
	printf("%d %d\n", ll + ui, ll * ui);
	printf("%d %u\n", ll + ull, ll + ull - 1);
	printf("%d %d\n", sizeof (c + ll), sizeof (ui + c));
	exit(0);
}
