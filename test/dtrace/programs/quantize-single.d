/* A histogram of one value: where its rows begin and end. */
#pragma D option quiet

BEGIN
{
	@a = quantize(0);
	@b = quantize(1);
	@c = quantize(-1);
	@d = quantize(7);
	@e = quantize(-7);
	@f = quantize(8);
	exit(0);
}
