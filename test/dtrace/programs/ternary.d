/* ?: with numbers and strings, nested, with side effects, and its type. */
#pragma D option quiet

BEGIN
{
	x = 3;
	printf("%s %s\n", x > 2 ? "big" : "small", x > 5 ? "big" : "small");
	printf("%s\n", x == 1 ? "one" : x == 2 ? "two" : x == 3 ? "three" : "many");
	y = x > 2 ? a++ : b++;
	printf("%d %d %d\n", y, a, b);
	printf("%d %u\n", x ? -1 : 1u, x ? -1 : 1ull);
	printf("%d %d\n", sizeof (x ? 1 : 2u), sizeof (x ? 1 : 1ll));
	z = (x ? x : 1) + (0 ? 10 : 20);
	printf("%d\n", z);
	printf("%s\n", strjoin(x ? "yes" : "no", x ? "" : "!"));
	exit(0);
}
