/* Inlines and types of the program's own. */
#pragma D option quiet


inline int LIMIT = 5;
inline string GREETING = "hello";
enum color { RED, GREEN = 5, BLUE };
typedef unsigned char byte;

byte b;

BEGIN
{
	b = 257;
	printf("%d %s %d\n", LIMIT + 1, GREETING, b);
	printf("%d %d %d\n", RED, GREEN, BLUE);
	exit(0);
}
