/* Flags, widths and precisions of integers. */
#pragma D option quiet

BEGIN
{
	printf("[%5d] [%-5d] [%05d] [%+d] [% d]\n", 42, 42, 42, 42, 42);
	printf("[%5d] [%-5d] [%05d] [%+d] [% d]\n", -42, -42, -42, -42, -42);
	printf("[%.4d] [%.4d] [%8.4d] [%-8.4d] [%08.4d]\n", 42, -42, 42, 42, 42);
	printf("[%.0d] [%.d] [%1.0d]\n", 0, 0, 0);
	printf("[%+5d] [%-+5d] [%+05d]\n", 42, 42, 42);
	printf("[%#8x] [%#08x] [%-#8x] [%#.6x]\n", 255, 255, 255, 255);
	printf("[%+u] [% u] [%+x]\n", 42, 42, 42);
	printf("[%3d] [%03d] [%-3d]\n", 123456, 123456, 123456);
	exit(0);
}
