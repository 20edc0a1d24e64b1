/* A quote behind a backslash, in a character and in a string, and escape sequences that C does not have. */
#pragma D option quiet

BEGIN
{
	printf("%x\n", '\'');
	printf("single \' slash \/ question \? other \z\n");
	exit(0);
}
