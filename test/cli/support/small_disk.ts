// A disk that is soon full: a tmpfs of so many bytes, mounted for the time of a test, and for nobody else's mount namespace.
import { closeSync, constants, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { mkdtemp, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";

export class SmallDisk implements AsyncDisposable {
	readonly folder: string;
	readonly #unmountAtOnce = () => execaSync("umount", ["--lazy", this.folder], { reject: false });

	private constructor(folder: string) {
		this.folder = folder;
	}

	/** Why none can be had here; undefined when one can. */
	static obstacle(): string | undefined {
		return process.getuid?.() === 0 ? undefined : "only root can mount a small disk";
	}

	static async mount(bytes: number): Promise<SmallDisk> {
		const disk = new SmallDisk(await mkdtemp(join(tmpdir(), "baseimage-ts-disk-")));
		try {
			await execa("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=755`, "tmpfs", disk.folder]);
		} catch (error) {
			await rmdir(disk.folder);
			throw error;
		}
		process.once("exit", disk.#unmountAtOnce);
		await execa("mount", ["--make-private", disk.folder]);
		return disk;
	}

	get #filler(): string {
		return join(this.folder, "filler");
	}

	/** Writes until no more than so many bytes are left. */
	fill(leaving: number): void {
		const { bavail, bsize } = statfsSync(this.folder);
		const file = openSync(
			this.#filler,
			constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
		);
		try {
			for (let left = bavail * bsize - leaving; left > 0; ) {
				left -= writeSync(file, Buffer.alloc(Math.min(left, 1_048_576)));
			}
		} finally {
			closeSync(file);
		}
	}

	/** What was filled is free again. */
	clear(): void {
		rmSync(this.#filler, { force: true });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		process.off("exit", this.#unmountAtOnce);
		// What a daemon has started may hold it for a moment longer than the daemon lived.
		await execa("umount", ["--lazy", this.folder]);
		await rmdir(this.folder);
	}
}
