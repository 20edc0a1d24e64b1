/* Types smaller than an int: what they are promoted to. */
#pragma D option quiet

char c;
unsigned char b;
short s;
unsigned short w;

BEGIN
{
	c = -2; b = 254; s = -2; w = 65534;
	printf("%d %d %d %d\n", b + b, w + w, c + b, s + w);
	printf("%d %d %d %d\n", b << 1, ~b, -b, w * w);
	printf("%d %d %d\n", sizeof (b + b), sizeof (~b), sizeof (b + w));
	trace(b + b); trace("|"); trace(b + 1); trace("\n");
	exit(0);
}
