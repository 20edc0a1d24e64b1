/* Keys of one and several parts; what was never assigned is 0. */
#pragma D option quiet

BEGIN
{
	a["x"] = 1;
	a["xy"] = 2;
	a[""] = 3;
	printf("%d %d %d %d\n", a["x"], a["xy"], a[""], a["xyz"]);
	b[1, "one", 'c'] = 10;
	b[1, "one", 'd'] = 20;
	b[-1, "one", 'c'] = 30;
	printf("%d %d %d %d\n", b[1, "one", 'c'], b[1, "one", 'd'], b[-1, "one", 'c'], b[2, "one", 'c']);
	a["x"]++; a["x"] += 10; --a["xy"]; a["new"]++;
	printf("%d %d %d\n", a["x"], a["xy"], a["new"]);
	a["x"] = 0;
	printf("%d\n", a["x"]);
	c[a["new"], strjoin("o", "ne")] = 5;
	printf("%d\n", c[1, "one"]);
	exit(0);
}
