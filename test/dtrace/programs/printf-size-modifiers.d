/* h, l and ll before a conversion: the argument's own type decides. */
#pragma D option quiet

short s;
unsigned short w;
long l;
unsigned long u;
long long ll;
unsigned long long ull;

BEGIN
{
	s = -2; w = -2; l = -2; u = -2; ll = -2; ull = -2;
	printf("[%hd] [%hu] [%hx] [%ho]\n", s, w, w, w);
	printf("[%ld] [%lu] [%lx] [%lo]\n", l, u, u, u);
	printf("[%lld] [%llu] [%llx]\n", ll, ull, ull);
	printf("[%d] [%x]\n", (long long)0x123456789abcdef, (long long)0x123456789abcdef);
	exit(0);
}
