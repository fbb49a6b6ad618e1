// The shortest child: a static `true`, which leaves more of the measured time to the init than the machine's /bin/true.
int main(void) {
	return 0;
}
