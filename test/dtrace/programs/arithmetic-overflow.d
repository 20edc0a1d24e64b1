/* What is too big for its type wraps; constants are folded as at run time. */
#pragma D option quiet

int32_t i;
uint32_t u;
int64_t l;
int8_t c;
uint8_t b;
int16_t s;
uint16_t w;

BEGIN
{
	l = 9223372036854775807; l++; printf("%d\n", l);
	l = 9223372036854775807; l = l * 2; printf("%d\n", l);
	u = 4294967295; u++; printf("%d\n", u);
	i = 2147483647; i++; printf("%d\n", i);
	c = 127; c++; printf("%d\n", c);
	b = 255; b++; printf("%d\n", b);
	s = 32767; s++; printf("%d\n", s);
	w = 0; w--; printf("%d\n", w);
	b = 300; c = 200; printf("%d %d\n", b, c);
	u = -1; printf("%d %u\n", u, u);
	exit(0);
}
