/* Histograms ascend by their sum, then by the bucket of zero, then by key. */
#pragma D option quiet

BEGIN
{
	@q["big"] = quantize(1000);
	@q["small"] = quantize(1);
	@q["negative"] = quantize(-8);
	@q["zero"] = quantize(0);
	@q["two zeros"] = quantize(0); @q["two zeros"] = quantize(0);
	@q["also small"] = quantize(1);
	@l["b"] = lquantize(5, 0, 10, 1);
	@l["a"] = lquantize(5, 0, 10, 1);
	@l["c"] = lquantize(-5, 0, 10, 1);
	@l["d"] = lquantize(50, 0, 10, 1);
	exit(0);
}
