// The floor: what starting a command and waiting for it costs when nothing else is done. Not an init: it neither reaps nor forwards.
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
	int status = 0;
	if (argc < 3) return 2; // floor -- COMMAND…
	if (vfork() == 0) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	wait(&status);
	return WEXITSTATUS(status);
}
