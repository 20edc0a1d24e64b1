/* Escape sequences of strings. */
#pragma D option quiet

BEGIN
{
	printf("tab\there\n");
	printf("quote \" backslash \\\n");
	printf("octal \101\102\103 hex \x44\x45\x46\n");
	printf("%s|%s\n", "a\tb", "c\\d");
	printf("%d %d %d\n", strlen("\x41"), strlen("\\"), strlen("a\nb"));
	exit(0);
}
