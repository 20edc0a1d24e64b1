/* Equal values: keys ascending; where do the negative ones come? */
#pragma D option quiet

BEGIN
{
	@i[3] = count(); @i[-3] = count(); @i[0] = count(); @i[2147483647] = count(); @i[-2147483648] = count();
	@l[(int64_t)3] = count(); @l[(int64_t)-3] = count(); @l[(int64_t)0] = count();
	@u[(uint64_t)3] = count(); @u[(uint64_t)-3] = count(); @u[(uint64_t)0] = count();
	@c[(char)3] = count(); @c[(char)-3] = count(); @c[(char)0] = count();
	@s[(short)300] = count(); @s[(short)-300] = count(); @s[(short)0] = count();
	exit(0);
}
