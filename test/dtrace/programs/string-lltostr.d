/* lltostr of numbers of all signs and sizes. */
#pragma D option quiet

BEGIN
{
	printf("[%s] [%s] [%s]\n", lltostr(0), lltostr(123), lltostr(-123));
	printf("[%s] [%s]\n", lltostr(9223372036854775807), lltostr(-9223372036854775807 - 1));
	printf("[%s] [%s]\n", lltostr((char)-1), lltostr((unsigned char)-1));
	printf("[%s]\n", strjoin("n=", lltostr(42)));
	printf("%d\n", strlen(lltostr(-1)));
	exit(0);
}
