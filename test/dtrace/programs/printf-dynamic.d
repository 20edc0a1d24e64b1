/* Widths and precisions out of the arguments, negative ones too. */
#pragma D option quiet

BEGIN
{
	w = 8;
	printf("[%*d] [%-*d] [%0*d]\n", w, 42, w, 42, w, 42);
	printf("[%.*d] [%*.*d]\n", 5, 42, w, 5, 42);
	printf("[%*s] [%-*s] [%.*s] [%*.*s]\n", w, "hello", w, "hello", 2, "hello", w, 2, "hello");
	printf("[%*d] [%*s]\n", -w, 42, -w, "hello");
	printf("[%*d] [%.*s]\n", 0, 42, 0, "hello");
	printf("[%*d]\n", 2, 12345);
	exit(0);
}
