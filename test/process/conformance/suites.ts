// Which name is compared with which peer, in which cases.
import type { Suite } from "./case.ts";
import { CATATONIT_CASES, CATATONIT_IN_SHORT } from "./catatonit_cases.ts";
import { DUMB_INIT_CASES } from "./dumb_init_cases.ts";
import { TINI_CASES, TINI_IN_SHORT } from "./tini_cases.ts";

/** `pause` has no peer in a Debian package: test/process/pause.test.ts says what it does. */
export const SUITES: readonly Suite[] = [
	{ name: "tini", peer: "tini", cases: TINI_CASES },
	{ name: "tini-static", peer: "tini-static", cases: TINI_IN_SHORT },
	// Docker's is built as tini-static is.
	{ name: "docker-init", peer: "tini-static", cases: TINI_IN_SHORT },
	{ name: "init", peer: "tini", cases: TINI_IN_SHORT },
	{ name: "dumb-init", peer: "dumb-init", cases: DUMB_INIT_CASES },
	{ name: "catatonit", peer: "catatonit", cases: CATATONIT_CASES },
	// What Podman calls so is catatonit.
	{ name: "podman-init", peer: "catatonit", cases: CATATONIT_IN_SHORT },
];
