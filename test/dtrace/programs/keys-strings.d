/* String keys: empty, of fifty columns, longer, with blanks; order by bytes. */
#pragma D option quiet

BEGIN
{
	@[""] = count();
	@["a"] = count();
	@["B"] = count();
	@["a "] = count();
	@["abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwx"] = count();
	@["abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789"] = count();
	@["with\ttab"] = count();
	@["~"] = count();
	exit(0);
}
