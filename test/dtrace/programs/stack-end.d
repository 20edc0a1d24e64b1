/* Stacks as keys in what is printed at the end. */
BEGIN
{
	@[stack()] = count();
	@two[stack(), 2] = quantize(1);
	exit(0);
}
