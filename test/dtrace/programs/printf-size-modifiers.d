/* h, l and ll before a conversion: the argument's own type decides. */
#pragma D option quiet

BEGIN
{
	printf("[%hd] [%hu] [%hx] [%ho]\n", (short)-2, (unsigned short)-2, (unsigned short)-2, (unsigned short)-2);
	printf("[%ld] [%lu] [%lx] [%lo]\n", (long)-2, (unsigned long)-2, (unsigned long)-2, (unsigned long)-2);
	printf("[%lld] [%llu] [%llx]\n", (long long)-2, (unsigned long long)-2, (unsigned long long)-2);
	printf("[%d] [%x]\n", (long long)0x123456789abcdef, (long long)0x123456789abcdef);
	exit(0);
}
