/* trace() when quiet: integers by size, strings as they are. */
#pragma D option quiet

BEGIN
{
	trace((char)1); trace("|");
	trace((short)2); trace("|");
	trace(3); trace("|");
	trace((long long)4); trace("|\n");
	trace((char)-1); trace("|");
	trace((short)-2); trace("|");
	trace(-3); trace("|");
	trace((long long)-4); trace("|\n");
	trace((unsigned char)255); trace("|");
	trace((unsigned short)65535); trace("|");
	trace((unsigned int)-1); trace("|");
	trace((unsigned long long)-1); trace("|\n");
	trace('c'); trace("|"); trace("a%sb"); trace("|"); trace(1 == 1); trace("|\n");
	exit(0);
}
