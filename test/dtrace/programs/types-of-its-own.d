/* Types of the program's own: enum and typedef. */
#pragma D option quiet

enum color { RED, GREEN = 5, BLUE };
typedef unsigned char byte;
byte b;

BEGIN
{
	b = 257;
	printf("%d %d %d %d\n", RED, GREEN, BLUE, b);
	exit(0);
}
