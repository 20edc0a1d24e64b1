/* What a probe's clauses show is read when all of them have run: printa, clear and trunc see what later ones add. */
#pragma D option quiet

int n;

BEGIN
{
	@a["begin"] = count();
	printa(@a);
}

BEGIN
{
	@a["begin"] = count();
}

tick-300ms
/n == 0/
{
	@b["x"] = sum(1);
	printa(@b);
	printf("first clause\n");
}

tick-300ms
/n == 0/
{
	@b["x"] = sum(10);
	printf("second clause\n");
	n = 1;
}

tick-2s
/n == 1/
{
	@c["x"] = sum(1);
	clear(@c);
}

tick-2s
/n == 1/
{
	@c["x"] = sum(10);
	@c["y"] = sum(20);
	n = 2;
}

tick-4s
{
	exit(0);
}
