/* Histograms with keys. */
#pragma D option quiet

BEGIN
{
	@["a", 1] = quantize(5);
	@["b", 2] = quantize(50);
	@["b", 2] = quantize(500);
	@["a", -1] = quantize(0);
	@n[5] = quantize(1);
	exit(0);
}
