// Makes the system call sysinfo with each of its arguments as the address. With "child" first, a child makes it and
// the parent tells how the child ended.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int child = argc > 2 && strcmp(argv[1], "child") == 0;
	long how = atol(argv[1 + child]);

	if (child && fork()) {
		int status;
		wait(&status);
		printf("signal %d\n", WTERMSIG(status));
		return 3;
	}
	printf("%ld\n", syscall(SYS_sysinfo, how));
	return 0;
}
