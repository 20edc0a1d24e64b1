/* %p: no 0x in front, no sign. */
#pragma D option quiet

BEGIN
{
	printf("[%p] [%p] [%p]\n", (void *)0x1234, (int *)0xffffffff, (void *)0);
	printf("[%p] [%20p] [%-20p]\n", (uintptr_t)0xdeadbeef, (void *)0xabc, (void *)0xabc);
	printf("[%p] [%p]\n", (void *)-1, 255);
	printf("[%x] [%d]\n", (int64_t)(void *)0x1234, (int64_t)(void *)0x1234);
	exit(0);
}
