/* Compound assignments, and the values of ++ and --. */
#pragma D option quiet

BEGIN
{
	x = 10;
	x += 5; printf("%d ", x);
	x -= 3; printf("%d ", x);
	x *= 4; printf("%d ", x);
	x /= 5; printf("%d ", x);
	x %= 4; printf("%d\n", x);
	y = x++; printf("%d %d ", x, y);
	y = ++x; printf("%d %d ", x, y);
	y = x--; printf("%d %d ", x, y);
	y = --x; printf("%d %d\n", x, y);
	a = b = c = 7; printf("%d %d %d\n", a, b, c);
	z = (x = 4) + 1; printf("%d %d\n", x, z);
	printf("%d %d\n", x+++y, - -x);
	exit(0);
}
