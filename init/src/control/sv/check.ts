// Whether services can be used: runit's sv executes ./check in their folders.
import { awaitEnd, endedBy } from "../../helpers/await/program.ts";
import { ENOENT } from "../../kernel/errno.ts";
import { type Kernel, LEADS_GROUP } from "../../kernel/kernel.ts";
import { SERVICES_FOLDER } from "../../pid1/services.ts";

const STDOUT = 1;
/** As often as runit's sv. */
const AGAIN_MS = 420;

/** Those whose ./check does not end with 0 until then; without one a service can be used. */
export function notAvailable(
	kernel: Kernel,
	names: readonly string[],
	untilMs: number,
): readonly string[] {
	let left = names;
	for (;;) {
		const failing: string[] = [];
		for (const name of left) {
			const why = check(kernel, `${SERVICES_FOLDER}/${name}`, untilMs);
			// We are told to end.
			if (typeof why === "number") return left;
			if (why !== "") failing.push(name);
		}
		left = failing;
		const leftMs = untilMs - kernel.nowMs();
		if (left.length === 0 || leftMs <= 0) return left;
		kernel.poll([], Math.min(AGAIN_MS, leftMs));
		if (endedBy(kernel) > 0) return left;
	}
}

/** Empty: it has ended with 0, or there is none; else why not, or the signal that tells us to end. */
function check(kernel: Kernel, folder: string, untilMs: number): string | number {
	if (kernel.checkExecutable(`${folder}/check`) === -ENOENT) return "";
	const nowhere = kernel.openDevice("/dev/null");
	const started = kernel.launch({
		...{ path: "./check", words: ["./check"], environment: kernel.environmentEntries() },
		...{ directory: folder, umask: -1, limits: [], cgroup: "", oomScoreAdj: "" },
		...{ setsNice: false, nice: 0, identity: [], terminal: -1, leads: LEADS_GROUP, isMain: false },
		descriptors: nowhere < 0 ? [] : [nowhere, STDOUT],
	});
	kernel.close(nowhere);
	return started > 0 ? awaitEnd(kernel, started, untilMs) : "it cannot be started";
}
