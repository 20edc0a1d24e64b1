/* Types smaller than an int: what is calculated in them is compared, divided, assigned and aggregated. */
#pragma D option quiet

unsigned char b;
unsigned char b2;
unsigned short w;
unsigned short w2;
char c;
long long l;

BEGIN
{
	b = 1; b2 = 2; w = 1; w2 = 2; c = 100;
	printf("%d %d %d\n", b - b2 < 0, w - w2 > 0, b - w2 < 0);
	printf("%d %d %d\n", (b - b2) / 2, (w - w2) >> 1, (b - b2) % 7);
	printf("%d %d %d\n", c + c, c + c == 200, (c + c) / 2);
	l = b - b2;
	printf("%d %d\n", l, b - b2 == -1);
	l = c * c;
	printf("%d %d %d\n", l, -b < 0, ~b > 0);
	@s = sum(b - b2);
	@q = quantize(c + c);
	@k[b - b2, c + c] = count();
	printa("%@d\n", @s);
	printa(@q);
	printa("%d %d %@d\n", @k);
	exit(0);
}
