/* self-> variables within one thread. */
#pragma D option quiet

self int n;
self string s;

BEGIN
{
	printf("[%d]\n", self->n);
	self->n = -5;
	self->s = "thread";
	self->t["a", 1] = 7;
	self->u++;
}

BEGIN
{
	printf("[%d] [%s] [%d] [%d] [%d]\n", self->n, self->s, self->t["a", 1], self->t["a", 2], self->u);
	self->n = 0;
	printf("[%d]\n", self->n);
	exit(0);
}
