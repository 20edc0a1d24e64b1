/* When the keys of a place that is read and written are computed. */
#pragma D option quiet
int x[int];
int i;
BEGIN
{
	x[1] = 10; x[2] = 20;
	this->t = 1;
	x[this->t] += ++this->t;
	printf("%d %d %d\n", this->t, x[1], x[2]);
	i = 1;
	x[1] = 10; x[2] = 20; x[3] = 30;
	x[i++] += 5;
	printf("%d %d %d %d\n", i, x[1], x[2], x[3]);
	i = 1;
	x[1] = 10; x[2] = 20; x[3] = 30;
	x[i++]++;
	printf("%d %d %d %d\n", i, x[1], x[2], x[3]);
	i = 1;
	x[1] = 10; x[2] = 20; x[3] = 30;
	--x[++i];
	printf("%d %d %d %d\n", i, x[1], x[2], x[3]);
	i = 1;
	x[1] = 10; x[2] = 20; x[3] = 30;
	this->t = x[i++] += (i = 7);
	printf("%d %d %d %d %d %d\n", this->t, i, x[1], x[2], x[3], x[7]);
	exit(0);
}
