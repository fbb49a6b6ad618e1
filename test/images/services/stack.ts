// nginx, an application, redis, postgres and sshd as services of one image: see stack/.
import { join } from "node:path";
import { root } from "../../../scripts/root.ts";
import { type BuiltForTest, buildFolder } from "../support/build.ts";
import type { TestContainer } from "../support/container.ts";
import type { Variant } from "../support/context.ts";

/** The port that nginx listens on. */
export const PORT = 8080;

const FOLDER = join(root, "test", "images", "services", "stack");
/** What the processes' tests run too. */
const ACTORS = `--build-context=actors=${join(root, "test", "process", "actors")}`;

/** @throws with the build's own words. */
export function buildStack({ tag }: Variant): Promise<BuiltForTest> {
	return buildFolder(FOLDER, [ACTORS, `--build-arg=BASE=${tag}`]);
}

/** What `initctl status --json` says of a service, as far as tests ask. */
export interface ServiceStatus {
	readonly name: string;
	readonly state: string;
	readonly pid: number;
	readonly restarts: number;
	readonly exitCode?: number;
	readonly nextMs?: number;
}

/** @throws when there is no such service. */
export async function statusOf(container: TestContainer, name: string): Promise<ServiceStatus> {
	const services: readonly ServiceStatus[] = JSON.parse(
		await container.shell("initctl status --json"),
	);
	const found = services.find((service) => service.name === name);
	if (found === undefined) throw new Error(`initctl status knows no service ${name}`);
	return found;
}
