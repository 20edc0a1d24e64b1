/* Where strsize cuts: literals, variables, functions, keys, comparisons, traces. */
#pragma D option quiet
#pragma D option strsize=8

string g;

BEGIN
{
	g = "abcdefghijk";
	printf("[%s] %d\n", g, strlen(g));
	x = "abcdefghijk"; this->t = "abcdefghijk"; self->s = "abcdefghijk"; m[1] = "abcdefghijk";
	printf("[%s] [%s] [%s] [%s]\n", x, this->t, self->s, m[1]);
	printf("%d %d %d\n", strlen(x), strlen(this->t), strlen("abcdefghijk"));
	printf("[%s] %d\n", strjoin(x, "123"), strlen(strjoin("12345", "6789")));
	printf("[%s] [%s]\n", substr(x, 1), substr("abcdefghijk", 6));
	printf("%d %d\n", index("abcdefghijk", "k"), index("abcdefghijk", "g"));
	printf("%d %d\n", x == "abcdefghijk", x == "abcdefgh");
	printf("%d\n", "abcdefghijk" == "abcdefghxyz");
	trace(x); trace("\n"); trace("abcdefghijk"); trace("\n");
	printf("[%s] %d\n", lltostr(1234567890), strlen(lltostr(1234567890)));
	@[x] = count(); @["abcdefghxyz"] = count(); @["abcdefgx"] = count();
	exit(0);
}
