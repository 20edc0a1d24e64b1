/* Escape sequences that C does not have are kept as they stand. */
#pragma D option quiet

BEGIN
{
	printf("[%s] %d\n", "\z", strlen("\z"));
	printf("[%s] %d\n", "\/\%\-", strlen("\/\%\-"));
	printf("[%s] %d\n", "\?\'", strlen("\?\'"));
	printf("[%s] %d\n", "\x41g\x4", strlen("\x41g\x4"));
	printf("[%s] %d\n", "\08\19", strlen("\18\19"));
	printf("%x %x %x\n", '\z', '\'', '\"');
	exit(0);
}
