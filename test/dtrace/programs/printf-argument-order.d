/* Arguments are evaluated from left to right. */
#pragma D option quiet

BEGIN
{
	x = 1;
	printf("%d %d %d\n", x++, x++, x++);
	printf("%d %d %d\n", ++x, x--, x);
	printf("%d %d %d\n", x, x = 10, x);
	printf("%d %d\n", x += 5, x -= 3);
	exit(0);
}
