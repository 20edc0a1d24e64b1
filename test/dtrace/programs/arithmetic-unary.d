/* Unary operators of several types. */
#pragma D option quiet

BEGIN
{
	printf("%d %d %d\n", !0, !5, !!5);
	printf("%d %d %d\n", -5, - -5, +5);
	printf("%d %u\n", -(unsigned int)1, -(unsigned int)1);
	printf("%d %d\n", ~-1, -~1);
	exit(0);
}
