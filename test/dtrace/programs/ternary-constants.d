/* ?: between constants, chosen by a constant: its type. */
#pragma D option quiet

BEGIN
{
	printf("%d %u\n", 1 ? -1 : 1u, 1 ? -1 : 1ull);
	printf("%d\n", 1 ? (char)-1 : (unsigned char)1);
	printf("%d %d\n", sizeof (1 ? (char)1 : (char)2), sizeof (1 ? 1 : 1ll));
	exit(0);
}
