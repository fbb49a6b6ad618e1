// The floor for a start with empty start-up folders: what looking into them and writing the environment down asks of the kernel, and
// no more; then what floor.c does.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define VARIABLES "/etc/container_environment"

static void list(const char *folder) {
	_Alignas(8) char entries[4096];
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (syscall(SYS_getdents64, fd, entries, sizeof entries) > 0)
		;
	close(fd);
}

static void write_down(const char *path, const char *text, int is_marked) {
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	size_t length = strlen(text);
	int failed = fd < 0 || write(fd, text, length) != (ssize_t)length;
	const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 8377}};
	if (!failed && is_marked) futimens(fd, times);
	if (fd >= 0) close(fd);
}

static void export(void) {
	struct stat file;
	char text[4096];
	list(VARIABLES);
	for (char **entry = environ; *entry; entry++) {
		char path[300];
		const char *equals = strchr(*entry, '=');
		if (equals == NULL || strncmp(*entry, "HOME=", 5) == 0) continue;
		snprintf(path, sizeof path, VARIABLES "/%.*s", (int)(equals - *entry), *entry);
		write_down(path, equals + 1, 1);
	}
	int groups = open("/etc/group", O_RDONLY | O_CLOEXEC);
	fstat(groups, &file);
	if (read(groups, text, sizeof text) < 0) text[0] = '\0';
	close(groups);
	write_down(VARIABLES ".sh", "export PATH='/usr/bin:/bin'\n", 0);
	write_down(VARIABLES ".json", "{\"PATH\": \"/usr/bin:/bin\"}\n", 0);
	list("/etc/my_init.d");
	stat("/etc/rc.local", &file);
	list("/etc/service");
	list("/etc/my_init.pre_shutdown.d");
	list("/etc/my_init.post_shutdown.d");
}

int main(int argc, char **argv) {
	int status = 0;
	if (argc < 3) return 2; // export -- COMMAND…
	export();
	if (vfork() == 0) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	wait(&status);
	return WEXITSTATUS(status);
}
