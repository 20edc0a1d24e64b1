/* printa with formats: keys, widths, several %@, none, fewer keys than there are. */
#pragma D option quiet

BEGIN
{
	@["alpha", 1] = sum(10); @["beta", -2] = sum(-200);
	printa("%s %d %@d\n", @);
	printa("[%-10s] [%5d] [%@10d]\n", @);
	printa("[%10s] [%-5d] [%-@10d]\n", @);
	printa("%@d %s\n", @);
	printa("%@x %@o %@u %@d\n", @);
	printa("%s\n", @);
	printa("%@d\n", @);
	printa("constant\n", @);
	printa("%s 100%% %@+d\n", @);
	printa("%5.2s|%05d|%@08d\n", @);
	printa("no newline %s;", @);
	printf("\n");
	exit(0);
}
