/** A lock that a file stands for, and that does not outlive its holder. */
import { open, readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { startTicks } from "./processes.ts";

const WAIT_MS = 300_000;

/** Runs `work` while this process holds `file`; a lock whose holder has died is taken over. @throws when another holder keeps it for five minutes. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
	const deadline = Date.now() + WAIT_MS;
	const me = `${process.pid} ${startTicks(process.pid)}`;
	while (!(await tryCreate(file, me))) {
		const holder = await readFile(file, "utf8").catch(() => "");
		const [pid = "0", ticks] = holder.split(" ");
		if (holder !== "" && startTicks(Number(pid)) !== ticks) {
			await rm(file, { force: true });
			continue;
		}
		if (Date.now() >= deadline) {
			throw new Error(`process ${pid} has held ${file} for ${WAIT_MS / 1000} s`);
		}
		await sleep(100);
	}
	try {
		return await work();
	} finally {
		await rm(file, { force: true });
	}
}

async function tryCreate(file: string, content: string): Promise<boolean> {
	try {
		const handle = await open(file, "wx");
		await handle.writeFile(content);
		await handle.close();
		return true;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
		throw error;
	}
}
