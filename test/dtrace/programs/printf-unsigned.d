/* %u of values whose sign bit is set: the width of the argument's own type counts. */
#pragma D option quiet

BEGIN
{
	printf("[%u] [%u] [%u]\n", (char)-1, (unsigned char)-1, 'a');
	printf("[%u] [%u]\n", (short)-1, (unsigned short)-1);
	printf("[%u] [%u]\n", -1, (unsigned int)-1);
	printf("[%u] [%u]\n", (long long)-1, (unsigned long long)-1);
	printf("[%u] [%u]\n", (int)3000000000, 3000000000);
	exit(0);
}
