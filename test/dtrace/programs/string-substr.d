/* substr with negative, large and missing numbers. */
#pragma D option quiet

BEGIN
{
	s = "hello world";
	printf("[%s] [%s] [%s]\n", substr(s, 0), substr(s, 6), substr(s, 11));
	printf("[%s] [%s] [%s]\n", substr(s, 0, 5), substr(s, 6, 100), substr(s, 3, 0));
	printf("[%s] [%s] [%s]\n", substr(s, -5), substr(s, -5, 3), substr(s, -100));
	printf("[%s] [%s]\n", substr(s, 100), substr(s, 20, 5));
	printf("[%s] [%s]\n", substr(s, 2, -3), substr(s, -5, -2));
	printf("[%s] [%s]\n", substr(s, -100, 95), substr(s, -11, 2));
	printf("[%s] [%s]\n", substr("", 0, 1), substr("", -1, 1));
	exit(0);
}
