// A cgroup v2 of a test's own, which its PID 1 can write to, as in a privileged container.
import { randomUUID } from "node:crypto";
import { execaSync } from "execa";

const MOUNT = "mount -t cgroup2 none /sys/fs/cgroup";

/** A shell script in a mount namespace of its own, with the machine's cgroups. @throws with what it says. */
function withCgroups(script: string): void {
	execaSync("unshare", ["--mount", "sh", "-ec", `${MOUNT}; cd /sys/fs/cgroup; ${script}`]);
}

export class TestCgroup implements Disposable {
	readonly #name = `baseimage-ts-test-${randomUUID()}`;

	/** Why there cannot be one; undefined: there can. */
	static obstacle(): string | undefined {
		try {
			using _ = new TestCgroup();
			return undefined;
		} catch (error) {
			return `no cgroup v2 can be made here: ${error instanceof Error ? error.message : error}`;
		}
	}

	constructor() {
		withCgroups(`mkdir ${this.#name}`);
	}

	/** Shell commands that mount the cgroups and move the shell into this one. */
	get enter(): string {
		return `${MOUNT} && echo $$ > /sys/fs/cgroup/${this.#name}/cgroup.procs`;
	}

	[Symbol.dispose](): void {
		withCgroups(`find ${this.#name} -depth -type d -exec rmdir {} +`);
	}
}
