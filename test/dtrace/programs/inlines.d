/* Names for constants of the program's own. */
#pragma D option quiet

inline int LIMIT = 5;
inline string GREETING = "hello";
inline uint64_t WIDE = 5000000000;

BEGIN
{
	printf("%d %s %d\n", LIMIT + 1, GREETING, WIDE);
	printf("%d %d\n", sizeof (LIMIT), sizeof (WIDE));
	exit(0);
}
