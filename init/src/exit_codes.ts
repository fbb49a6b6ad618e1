// The exit codes that are the init's own, not the main child's. README.md documents them.

/** Of initctl await. */
export const EXIT_NOT_READY = 1;
export const EXIT_USAGE = 2;
export const EXIT_SYSTEM = 111;
export const EXIT_NOT_EXECUTABLE = 126;
export const EXIT_NOT_FOUND = 127;
/** What stands for a main child that not even SIGKILL could end: 128 + 9. */
export const EXIT_KILLED = 137;
