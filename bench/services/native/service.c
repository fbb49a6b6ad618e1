// A service that weighs nothing: what is measured is its supervisor's.
//
//   service PIPE [READY]
//     tells the descriptor READY that it is ready, writes "up PID NANOSECONDS" to the named pipe, and sleeps until a signal ends it.
#include "../../native/tool.h"
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv) {
	if (argc < 2) return 2;
	if (argc > 2) {
		int ready = atoi(argv[2]);
		if (write(ready, "\n", 1) != 1) return 3;
		close(ready);
	}
	int pipe = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (pipe < 0) return 4;
	// Shorter than PIPE_BUF: lines of several services never mix (pipe(7)).
	char line[64];
	int length = snprintf(line, sizeof line, "up %d %lld\n", (int)getpid(), (long long)now_ns());
	if (write(pipe, line, (size_t)length) != length) return 5;
	close(pipe);
	for (;;) pause();
}
