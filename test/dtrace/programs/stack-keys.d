/* BEGIN's kernel stack is empty: as a key, with others, in printa() and at the end. */
#pragma D option quiet

BEGIN
{
	@[stack()] = count();
	@both[1, stack(3), "x"] = sum(2);
	printa("<%k>\n", @);
	printa("%d|%20k|%s %@d\n", @both);
	printa(@both);
	exit(0);
}
