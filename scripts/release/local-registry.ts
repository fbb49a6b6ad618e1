/** docker-registry on the loopback, for tests and trials: a real one, and nobody else reaches it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { freePort } from "../free-port.ts";
import { dockerRegistry } from "./tools.ts";

const READY_TIMEOUT_MS = 20_000;

export interface LocalRegistry extends AsyncDisposable {
	/** As it stands in names of images: localhost:PORT. */
	readonly host: string;
	/** Folder of what it stores, for tests that tamper with it. */
	readonly storage: string;
}

/** Starts one with nothing in it; it ends, and what it stored is removed, with the value. @throws with its last words. */
export async function startLocalRegistry(): Promise<LocalRegistry> {
	const program = await dockerRegistry();
	const home = await mkdtemp(join(tmpdir(), "baseimage-ts-registry-"));
	const storage = join(home, "storage");
	const port = await freePort();
	const configuration = join(home, "config.json");
	await writeFile(
		configuration,
		JSON.stringify({
			version: 0.1,
			log: { level: "warn" },
			storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
			http: { addr: `127.0.0.1:${port}` },
		}),
	);
	const child = execa(program.file, ["serve", configuration], {
		env: program.env,
		all: true,
		reject: false,
		stdin: "ignore",
	});
	let hasEnded = false;
	const ended = child.finally(() => {
		hasEnded = true;
	});
	const dispose = async (): Promise<void> => {
		child.kill("SIGTERM");
		await ended;
		await rm(home, { recursive: true, force: true });
	};
	const deadline = Date.now() + READY_TIMEOUT_MS;
	while (!(await answers(port))) {
		if (hasEnded || Date.now() >= deadline) {
			await dispose();
			throw new Error(`docker-registry does not answer: ${(await child).all}`);
		}
		await sleep(50);
	}
	return { host: `localhost:${port}`, storage, [Symbol.asyncDispose]: dispose };
}

async function answers(port: number): Promise<boolean> {
	try {
		return (await fetch(`http://127.0.0.1:${port}/v2/`)).ok;
	} catch {
		return false;
	}
}
