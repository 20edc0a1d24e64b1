/* index and rindex, with where to begin. */
#pragma D option quiet

BEGIN
{
	s = "abcabcabc";
	printf("%d %d %d\n", index(s, "abc"), index(s, "c"), index(s, "x"));
	printf("%d %d %d %d\n", index(s, "abc", 1), index(s, "abc", 3), index(s, "abc", 7), index(s, "abc", 100));
	printf("%d %d\n", index(s, "abc", -1), index(s, "a", -100));
	printf("%d %d %d\n", index(s, ""), index("", ""), index("", "a"));
	printf("%d %d %d\n", rindex(s, "abc"), rindex(s, "a"), rindex(s, "x"));
	printf("%d %d\n", rindex(s, "abc", 5), rindex(s, "abc", 0));
	exit(0);
}
