// A child that does nothing: says so with a line "ready" when it is there, and ends when its stdin does.
#include <unistd.h>

int main(void) {
	char byte;
	if (write(1, "ready\n", 6) != 6) return 1;
	while (read(0, &byte, 1) > 0) continue;
	return 0;
}
