// A root file system for one test: the machine's, with other files in /etc, as an image on a base has them.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Binary } from "./binaries.ts";
import { type Ended, type Launch, type Namespace, startScript } from "./namespace.ts";

/** Files below /etc: text, or what a script does (executable). A name that ends with a slash is a folder. */
export interface ImageFiles {
	readonly [path: string]: string | { readonly script: string };
}

export interface ImageLaunch extends Launch {
	/** Shell commands that run before the init, with the image in place. */
	readonly before?: string;
	/** How the init is executed; default: exec "$MY_INIT" with the arguments. */
	readonly exec?: string;
}

/** An image whose layer is deleted with it. */
export class Image implements Disposable {
	readonly #binary: Binary;
	readonly #layer: string;

	constructor(binary: Binary, files: ImageFiles) {
		this.#binary = binary;
		this.#layer = mkdtempSync(join(tmpdir(), "my_init-image-"));
		chmodSync(this.#layer, 0o755);
		for (const [path, content] of Object.entries(files)) this.#add(path, content);
	}

	#add(path: string, content: string | { readonly script: string }): void {
		const file = join(this.#layer, path);
		mkdirSync(path.endsWith("/") ? file : dirname(file), { recursive: true });
		if (path.endsWith("/")) return;
		writeFileSync(file, typeof content === "string" ? content : content.script);
		if (typeof content !== "string") chmodSync(file, 0o755);
	}

	/** Starts the init as PID 1 of a container of the image; what it writes to /etc is gone with it. */
	start(args: readonly string[], launch: ImageLaunch = {}): Namespace {
		const { before = "", exec = 'exec "$MY_INIT" "$@"', ...rest } = launch;
		// A file system of its own for what is written: an overlay cannot lie on an overlay, as a container's root may be.
		const script = `mount -t tmpfs none /mnt && mkdir /mnt/up /mnt/work &&
			mount -t overlay -o "lowerdir=${this.#layer}:/etc,upperdir=/mnt/up,workdir=/mnt/work" none /etc ||
			{ echo "no overlay" >&2; exit 99; }
			mount -t tmpfs -o mode=0755 none /run; mount -t tmpfs none /dev/shm
			${before}
			set -- ${args.map(quoted).join(" ")}
			${exec}`;
		return startScript(this.#binary, script, { ...rest, namespaces: ["--mount"] });
	}

	async run(args: readonly string[], launch: ImageLaunch = {}): Promise<Ended> {
		await using namespace = this.start(args, launch);
		return await namespace.end();
	}

	[Symbol.dispose](): void {
		rmSync(this.#layer, { recursive: true });
	}
}

function quoted(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
