/* strlen, strjoin. */
#pragma D option quiet

BEGIN
{
	printf("%d %d %d\n", strlen(""), strlen("a"), strlen("hello world"));
	printf("[%s] [%s] [%s]\n", strjoin("a", "b"), strjoin("", "b"), strjoin("a", ""));
	printf("[%s]\n", strjoin(strjoin("1", "2"), strjoin("3", "4")));
	x = strjoin("x", "y");
	x = strjoin(x, x);
	printf("[%s] %d\n", x, strlen(x));
	exit(0);
}
