/* Integer keys are as wide as their type, signed or not. */
#pragma D option quiet

BEGIN
{
	@c[(char)1] = count(); @c[(char)-1] = count();
	@uc[(unsigned char)1] = count(); @uc[(unsigned char)255] = count();
	@s[(short)1] = count(); @s[(short)-1] = count();
	@us[(unsigned short)1] = count(); @us[(unsigned short)65535] = count();
	@i[1] = count(); @i[-1] = count();
	@ui[(unsigned int)1] = count(); @ui[(unsigned int)-1] = count();
	@l[(long long)1] = count(); @l[(long long)-1] = count();
	@ul[(unsigned long long)1] = count(); @ul[(unsigned long long)-1] = count();
	exit(0);
}
