/* Run while the init is built: writes what qjsc has made of a script to stdout, to be compressed. */
#include <stdio.h>

#include SCRIPT

int main(void)
{
	return fwrite(bytecode, 1, bytecode_size, stdout) == bytecode_size && fflush(stdout) == 0 ? 0 : 1;
}
