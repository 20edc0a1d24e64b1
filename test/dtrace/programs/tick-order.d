/* Clauses of one tick run in the order they stand in; predicates see what earlier ones did. */
#pragma D option quiet

tick-20ms
{
	n++;
	printf("first %d\n", n);
}

tick-20ms
/n > 1/
{
	printf("second %d\n", n);
	n += 10;
}

tick-20ms
/n > 10/
{
	printf("third %d\n", n);
	exit(0);
}

END
{
	printf("end %d\n", n);
}
