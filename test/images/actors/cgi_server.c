/*
 * cgi_server PORT MILLISECONDS SCRIPT
 *
 * A web server that answers every request with the output of a CGI script. A script that takes longer than
 * MILLISECONDS is killed, and the answer is 504. It waits for the scripts that it started, as any server
 * does, and knows nothing of the processes that those have started. One request at a time.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int listen_on(int port)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 16) < 0)
		exit(99);
	return fd;
}

static void skip_request(int client)
{
	char bytes[8192];
	size_t length = 0;
	while (length < sizeof bytes - 1) {
		ssize_t got = read(client, bytes + length, sizeof bytes - 1 - length);
		if (got <= 0)
			return;
		length += (size_t)got;
		bytes[length] = '\0';
		if (strstr(bytes, "\r\n\r\n") != NULL)
			return;
	}
}

static pid_t start_script(char *script, int *output)
{
	int ends[2];
	if (pipe(ends) < 0)
		exit(99);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl(script, script, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	*output = ends[0];
	return pid;
}

static long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Returns the length of the output, or -1 when the script had to be killed. */
static ssize_t run_script(char *script, long limit_ms, char *output, size_t size)
{
	int fd, status;
	pid_t pid = start_script(script, &fd);
	long deadline = now_ms() + limit_ms;
	size_t length = 0;
	ssize_t got = 1;
	while (got > 0 && length < size) {
		struct pollfd readable = { .fd = fd, .events = POLLIN };
		long left = deadline - now_ms();
		if (left <= 0 || poll(&readable, 1, (int)left) == 0)
			break;
		got = read(fd, output + length, size - length);
		length += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (got > 0)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return got > 0 ? -1 : (ssize_t)length;
}

int main(int argc, char **argv)
{
	static char output[65536];
	if (argc != 4)
		return 99;
	signal(SIGPIPE, SIG_IGN);
	int server = listen_on(atoi(argv[1]));
	dprintf(STDOUT_FILENO, "server ready\n");
	for (;;) {
		int client = accept(server, NULL, NULL);
		skip_request(client);
		ssize_t length = run_script(argv[3], atol(argv[2]), output, sizeof output);
		if (length < 0)
			dprintf(client, "HTTP/1.0 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n");
		else
			dprintf(client, "HTTP/1.0 200 OK\r\n%.*s", (int)length, output);
		close(client);
	}
}
