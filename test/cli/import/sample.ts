// A service as the readers of the import find it, for tests of what is written.
import type { ImportedService } from "../../../cli/src/import/model.ts";

/** One of supervisord's, with these changes. */
export function sampleService(changes: Partial<ImportedService> = {}): ImportedService {
	return {
		name: "web",
		origin: "supervisord",
		place: { file: "/etc/x.conf", line: 3 },
		stage: "service",
		program: { kind: "command", words: [["prog"], ["a b"]] },
		companions: [],
		environment: [],
		restart: { kind: "always" },
		enabled: true,
		stopSignal: "TERM",
		stopsGroup: false,
		dependencies: [],
		logs: { stdout: { kind: "container" }, stderr: { kind: "container" } },
		losses: [],
		...changes,
	};
}
