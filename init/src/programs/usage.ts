// What programs print for --help, and the licence: a script that no start loads.
import { helpText } from "../options/help.ts";

const TINI = `usage: tini [OPTIONS] [--] COMMAND [ARG...]

Starts COMMAND as the main child, forwards signals to it, reaps orphans, and ends with its exit code.

options:
  --version  the version; as the only argument
  -h         this text
  -s         adopt orphans where this is not PID 1 (TINI_SUBREAPER)
  -p SIGNAL  send this signal here when the parent dies
  -v         say more; can be repeated (TINI_VERBOSITY)
  -w         name each orphan that is reaped
  -g         send signals to the main child's process group (TINI_KILL_PROCESS_GROUP)
  -e CODE    end with 0 in place of this exit code; can be repeated
  -l         the licence
INIT_* variables do more: see my_init --help.
`;

const DUMB_INIT = `usage: dumb-init [OPTIONS] COMMAND [ARG...]

Starts COMMAND in a session of its own, forwards signals to all of its process group, reaps orphans, and ends with its
exit code.

options:
  -c, --single-child   forward signals to the main child alone (DUMB_INIT_SETSID=0)
  -r, --rewrite S:R    forward signal number S as R; 0 as R: do not forward it; can be repeated
  -v, --verbose        say what happens, on stderr (DUMB_INIT_DEBUG=1)
  -h, --help           this text
  -V, --version        the version
INIT_* variables do more: see my_init --help.
`;

const CATATONIT = `usage: catatonit [-ghLPV] [--] COMMAND [ARG...]

Starts COMMAND as the main child, forwards signals to it, reaps orphans, and ends with its exit code.

options:
  -g  send signals to the main child's process group
  -h  this text
  -L  the licence
  -P  start nothing: reap orphans until TERM or INT
  -V  the version
INIT_* variables do more: see my_init --help.
`;

const LICENCE =
	"baseimage-ts, QuickJS, musl: MIT License; smol-toml: BSD 3-Clause License: /usr/share/doc/baseimage-ts\n";

/** The text of a program's name, or of "licence". */
export function usageOf(name: string): string {
	switch (name) {
		case "tini":
			return TINI;
		case "dumb-init":
			return DUMB_INIT;
		case "catatonit":
			return CATATONIT;
		case "licence":
			return LICENCE;
		default:
			return helpText(name);
	}
}
