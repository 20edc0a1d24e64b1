/* BEGIN comes first and END last, wherever they stand. */
#pragma D option quiet

END
{
	printf("end\n");
}

profile:::tick-30ms
{
	printf("tick\n");
	exit(0);
}

dtrace:::BEGIN
{
	printf("begin\n");
}

BEGIN, END
{
	printf("both: %s:%s:%s:%s\n", probeprov, probemod, probefunc, probename);
}
