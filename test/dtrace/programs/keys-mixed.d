/* Several keys of several types: layout and order. */
#pragma D option quiet

BEGIN
{
	@a["x", 1, "y"] = count();
	@a["x", 1, "a"] = count();
	@a["x", -1, "z"] = count();
	@a["a", 5, "z"] = count();
	@a["a", 5, "z"] = count();
	@b[1, (char)2, (short)3, (long long)4, "five", 'a'] = sum(6);
	@c["", ""] = count();
	@d[1 == 1, 1 + 1LL, sizeof (int)] = count();
	exit(0);
}
