/* Globals: zero before they are assigned, declared or not. */
#pragma D option quiet

int declared;
string text;
uint64_t wide;

BEGIN
{
	printf("[%d] [%s] [%d]\n", declared, text, wide);
	undeclared++;
	printf("[%d]\n", undeclared);
	text = "now set";
	wide = -1;
	printf("[%s] [%u]\n", text, wide);
}

BEGIN
{
	undeclared += 5;
	printf("[%d] [%s]\n", undeclared, text);
	text = "";
	printf("[%s] %d\n", text, strlen(text));
	exit(0);
}

END
{
	printf("[%d] [%u]\n", undeclared, wide);
}
