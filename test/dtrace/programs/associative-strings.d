/* Strings as values, and that a copy is a copy. */
#pragma D option quiet

string names[int];

BEGIN
{
	names[1] = "one";
	names[2] = strjoin(names[1], "+one");
	t = names[2];
	names[2] = "two";
	printf("[%s] [%s] [%s]\n", names[1], names[2], t);
	s["k"] = "v";
	printf("[%s] %d\n", s["k"], strlen(s["k"]));
	names[1] = names[2];
	names[2] = "changed";
	printf("[%s] [%s]\n", names[1], names[2]);
	exit(0);
}
