/* Which clauses print a row: an empty one does, one that only aggregates does not. */

BEGIN {}

BEGIN
{
	x = 1;
}

BEGIN
{
	@a = count();
}

BEGIN
{
	@a = count();
	x++;
}

BEGIN
/x == 2/
{}

BEGIN
/x == 3/
{}

BEGIN
{
	@b[x] = sum(x);
	trace(x);
}

BEGIN
{
	exit(0);
}

END {}
