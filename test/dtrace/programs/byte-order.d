/* htons and its family, on this little-endian machine. */
#pragma D option quiet

BEGIN
{
	printf("%x %x\n", htons(0x1234), ntohs(0x3412));
	printf("%x %x\n", htonl(0x12345678), ntohl(0x78563412));
	printf("%x %x\n", htonll(0x123456789abcdef0), ntohll(0xf0debc9a78563412));
	printf("%d %d\n", htons(1), ntohs(0xffff));
	printf("%x %x\n", htons(0x12345678), htonl(1));
	printf("%d %d %d\n", sizeof (htons(1)), sizeof (htonl(1)), sizeof (htonll(1)));
	exit(0);
}
