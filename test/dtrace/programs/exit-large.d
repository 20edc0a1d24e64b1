/* An exit status beyond a byte. */
#pragma D option quiet

BEGIN
{
	exit(257 + 256);
}
