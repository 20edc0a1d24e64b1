/* && and || do not evaluate what they need not; ^^ evaluates both. */
#pragma D option quiet

BEGIN
{
	a = b = c = 0;
	x = a++ && b++; printf("%d %d %d\n", x, a, b);
	x = a++ || b++; printf("%d %d %d\n", x, a, b);
	x = a++ ^^ b++; printf("%d %d %d\n", x, a, b);
	x = (c++ && b++) || a++; printf("%d %d %d %d\n", x, a, b, c);
	printf("%d %d %d %d\n", 0 ^^ 0, 0 ^^ 5, 5 ^^ 0, 5 ^^ 7);
	printf("%d %d %d\n", 1 || 0 && 0, (1 || 0) && 0, 1 ^^ 1 || 1);
	printf("%d %d\n", 5 && 7, 256 && 256);
	exit(0);
}
