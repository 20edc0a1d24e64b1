/* %c: of char, int, beyond a byte, unprintable ones. */
#pragma D option quiet

BEGIN
{
	printf("[%c] [%c] [%c]\n", 'a', 98, (char)99);
	printf("[%5c] [%-5c]\n", 'x', 'y');
	printf("[%c] [%c]\n", 321, 'A' + 25);
	printf("[%c] [%c]\n", '\t', '\\');
	printf("%d %d %d\n", 'a', '\n', '\0');
	printf("%d %d %d\n", '\x41', '\101', '\377');
	printf("%d %x\n", 'ab', 'abcd');
	exit(0);
}
