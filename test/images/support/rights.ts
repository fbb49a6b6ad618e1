// What the first process of a container may do.
import { parseStatus } from "../../process/support/proc.ts";
import type { TestContainer } from "./container.ts";

/** As the kernel says it: proc_pid_status(5). */
export interface Rights {
	readonly user: string;
	readonly capabilities: string;
	readonly noNewPrivileges: string;
	readonly readOnly: boolean;
}

/** Of PID 1, and the root that it sees. */
export async function rightsOf(container: TestContainer): Promise<Rights> {
	const status = parseStatus(await container.shell("cat /proc/1/status"));
	const mounts = (await container.shell("cat /proc/mounts")).split("\n");
	const [, , , options = ""] =
		mounts.map((line) => line.split(" ")).find(([, place]) => place === "/") ?? [];
	return {
		user: status.get("Uid")?.split("\t")[0] ?? "",
		capabilities: status.get("CapBnd") ?? "",
		noNewPrivileges: status.get("NoNewPrivs") ?? "",
		readOnly: options.split(",").includes("ro"),
	};
}
