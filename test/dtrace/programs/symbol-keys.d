/* Addresses that no symbol names, as keys. */
#pragma D option quiet

BEGIN
{
	@s[sym(0)] = count();
	@f[func(16), 1] = count();
	@m[mod(0x7fffffffffffffff)] = count();
	@u[usym(0)] = count();
	@uf[ufunc(17)] = count();
	@um[umod(0)] = count();
	@ua[uaddr(255)] = count();
	printa("[%a]", @s);
	printa("[%20a] [%d]\n", @f);
	printf("%a|%25a|%-25a|\n", 0, 2, 3);
	exit(0);
}
