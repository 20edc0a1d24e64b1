/* Strings with bytes that are not printable ASCII: as keys, traced and printed. */
#pragma D option quiet

BEGIN
{
	trace("plain\n");
	trace("high \xe4\xf6\n");
	trace("bell \a\n");
	trace("control \x01\n");
	printf("[%s]\n", "high \xe4");
	exit(0);
}
