/* this-> variables live on in the next clauses of the same firing. */
#pragma D option quiet

this int n;
this string s;
this char c;

BEGIN
{
	this->n = 5;
	this->s = "local";
	this->c = 300;
	this->auto = 2147483648;
}

BEGIN
{
	printf("%d %s %d %d\n", this->n, this->s, this->c, this->auto);
	this->n *= 2;
	this->n++;
}

BEGIN
{
	printf("%d %d\n", this->n, sizeof (this->c));
	exit(0);
}
