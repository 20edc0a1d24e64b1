#!/usr/sbin/dtrace -s
/* Comments, a #! line, white space in odd places. */
#pragma   D   option   quiet

// a line comment with /* in it
BEGIN // behind
/* a comment before a predicate */ / 1 /* inside */ == 1 /
{
	/* several
	 * lines */
	printf(/* an argument */ "a /* not a comment */ b // nor this\n");
	x = 4 /* divided */ / 2; // by two
	printf("%d\n", x);;
	;
	exit(0)
}
