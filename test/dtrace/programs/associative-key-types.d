/* A key's part is converted to the type of its first use. */
#pragma D option quiet

int narrow[char];
int wide[int64_t];
int mixed[int, string];

BEGIN
{
	narrow[(char)1] = 11;
	narrow[(char)257] = 12;
	wide[4294967296] = 21;
	wide[0] = 22;
	wide[-1] = 23;
	printf("%d %d\n", narrow[(char)1], narrow[(char)-1]);
	printf("%d %d %d\n", wide[4294967296], wide[0], wide[-1]);
	mixed[1, "a"] = 31;
	printf("%d %d\n", mixed[(char)1, "a"], mixed[1, "b"]);
	k[1] = 41;
	printf("%d %d\n", k[1], k[(uint8_t)1]);
	exit(0);
}
