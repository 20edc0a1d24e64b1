/* strchr, strrchr, strstr. */
#pragma D option quiet

BEGIN
{
	s = "path/to/file";
	printf("[%s] [%s]\n", strchr(s, '/'), strchr(s, 't'));
	printf("[%s] [%s]\n", strrchr(s, '/'), strrchr(s, 't'));
	printf("[%s] [%s]\n", strstr(s, "to"), strstr(s, "file"));
	printf("%d %d\n", strchr(s, 'z') == NULL, strstr(s, "zz") == NULL);
	printf("%d\n", strlen(strchr(s, 'f')));
	exit(0);
}
