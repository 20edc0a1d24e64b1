/* The name of a tick probe in a row. */

tick-20ms
/n < 3/
{
	trace(n++);
}

tick-20ms
/n == 3/
{
	exit(0);
}

END
{
	printf("%d ticks", n);
}
