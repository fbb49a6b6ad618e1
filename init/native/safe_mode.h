/* What PID 1 falls back to when its TypeScript has failed. */
#ifndef SAFE_MODE_H
#define SAFE_MODE_H

/*
 * Reaps, forwards signals to the main child, and once that has ended, or if there never was one, gives what is left a
 * bounded time. Returns the exit code: the main child's, or 111 when there never was one.
 */
int safe_mode(void);

#endif
