/* %Y: a time in ns since 1970, here in UTC. */
#pragma D option quiet

BEGIN
{
	printf("[%Y]\n", 1234567890000000000);
	printf("[%Y]\n", 1234567890999999999);
	printf("[%Y]\n", (int64_t)0);
	printf("[%Y]\n", 951782400000000000);
	printf("[%30Y] [%-30Y]\n", 1700000000123456789, 1700000000123456789);
	exit(0);
}
