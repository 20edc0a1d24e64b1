/* %s with width and precision, longer and shorter than the string. */
#pragma D option quiet

BEGIN
{
	printf("[%s] [%10s] [%-10s] [%3s]\n", "hello", "hello", "hello", "hello");
	printf("[%.3s] [%.0s] [%.10s] [%10.3s] [%-10.3s]\n", "hello", "hello", "hello", "hello", "hello");
	printf("[%s] [%5s] [%-5s]\n", "", "", "");
	printf("[%s]\n", "a % sign, 100%% and %d are not looked at in an argument");
	printf("100%% [%%] %%d\n");
	printf("%s%s%s\n", "a", "b", "c");
	exit(0);
}
