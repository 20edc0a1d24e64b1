/* Rows when not quiet: trace() of every size, several in a row, beside printf. */

BEGIN
{
	trace((char)1);
	trace((short)2);
	trace(3);
	trace((long long)4);
}

BEGIN
{
	trace("text");
	trace(5);
	trace("more text");
}

BEGIN
{
	trace((char)-1);
	trace((unsigned char)255);
	trace((unsigned short)65535);
	trace(-1);
	trace((unsigned long long)-1);
}

BEGIN
{
	trace("a string that is longer than the thirty-three columns");
	trace("");
	trace("end");
	exit(0);
}
