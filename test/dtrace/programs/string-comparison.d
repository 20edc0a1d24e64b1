/* Strings compare byte by byte. */
#pragma D option quiet

BEGIN
{
	a = "abc"; b = "abd"; e = "";
	printf("%d%d%d%d%d%d\n", a < b, a <= b, a == b, a != b, a >= b, a > b);
	printf("%d%d%d%d%d%d\n", a < a, a <= a, a == a, a != a, a >= a, a > a);
	printf("%d%d%d%d\n", a < "ab", a > "ab", a < "abcd", a > "abcd");
	printf("%d%d%d%d\n", e < a, e == "", a > e, e != "");
	printf("%d%d%d\n", "Z" < "a", "10" < "9", "\x7f" < "\xff");
	printf("%d%d\n", "abc" == "abc", strjoin("ab", "c") == a);
	exit(0);
}
