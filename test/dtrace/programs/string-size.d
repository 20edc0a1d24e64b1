/* Strings are cut at strsize. */
#pragma D option quiet
#pragma D option strsize=16

BEGIN
{
	s = "0123456789";
	t = strjoin(s, s);
	printf("[%s] %d\n", t, strlen(t));
	printf("[%s]\n", "a literal that is longer than that");
	@[strjoin(s, "abcdefghijk")] = count();
	u["0123456789abcdefghij"] = 1;
	printf("%d %d\n", u["0123456789abcdefghij"], u["0123456789abcdef"]);
	exit(0);
}
