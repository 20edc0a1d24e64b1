/* sizeof types and expressions. */
#pragma D option quiet

int32_t i;
string s;

BEGIN
{
	printf("%d %d %d %d %d\n", sizeof (char), sizeof (short), sizeof (int), sizeof (long), sizeof (long long));
	printf("%d %d %d %d\n", sizeof (uint8_t), sizeof (int16_t), sizeof (uint32_t), sizeof (uint64_t));
	printf("%d %d %d\n", sizeof (void *), sizeof (size_t), sizeof (i));
	printf("%d %d\n", sizeof (string), sizeof (s));
	printf("%d\n", sizeof ('a'));
	printf("%d\n", sizeof (i) * 2);
	exit(0);
}
