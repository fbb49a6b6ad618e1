// Programs and folders that services name: whether they are there. Each is looked at once.
import { DEFAULT_PATH } from "../boot/find_command.ts";
import { addressesOf, HOSTS, HOSTS_BYTES, isAddress } from "../helpers/await/hosts.ts";
import { describeErrno, EACCES, EISDIR, ENOENT, ENOTDIR } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { didYouMean, MOST_HINTS } from "./nearest.ts";
import { quoted } from "./toml/read_toml.ts";

/** Of a folder. */
const MOST_PROGRAMS = 4_096;

export class Files {
	readonly #kernel: Kernel;
	readonly #programs: Record<string, number> = Object.create(null);
	readonly #answers: Record<string, string> = Object.create(null);
	#hints = 0;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	/**
	 * Why a program cannot be started, and what to do; empty: it can.
	 * @param path where it is looked for where it has no slash: as execvp(3) does
	 * @param directory where it is started; empty: where we are
	 */
	programProblem(word: string, path: string | undefined, directory: string): string {
		const question = `${word}\0${path ?? ""}\0${directory}`;
		const known = this.#answers[question];
		if (known !== undefined) return known;
		const answer = this.#askProgram(word, path ?? DEFAULT_PATH, directory);
		this.#answers[question] = answer;
		return answer;
	}

	#askProgram(word: string, path: string, directory: string): string {
		if (word === "") return "names no program: its first word is empty; write one";
		if (word.includes("/")) {
			const result = this.#check(within(directory, word));
			if (result >= 0) return "";
			return result === -EACCES
				? `names ${quoted(word)}, which is not executable; chmod +x it`
				: `names ${quoted(word)}: ${describeErrno(result)}; install it, or correct the path`;
		}
		let failure = -ENOENT;
		for (const folder of path.split(":")) {
			const result = this.#check(
				within(directory, folder === "" ? `./${word}` : `${folder}/${word}`),
			);
			if (result >= 0) return "";
			if (result === -EACCES || result === -EISDIR) failure = result;
		}
		return failure === -ENOENT
			? `names ${quoted(word)}, which is not found in PATH; ${this.#hint(word, path)}install it, or give its path`
			: `names ${quoted(word)}, which is found in PATH: ${describeErrno(failure)}; chmod +x it`;
	}

	/** A program of nearly that name; empty: there is none. */
	#hint(word: string, path: string): string {
		if (this.#hints++ >= MOST_HINTS) return "";
		const names = path.split(":").flatMap((folder) => {
			const found = folder === "" ? [] : this.#kernel.listDirectory(folder, MOST_PROGRAMS);
			return typeof found === "number" ? [] : found;
		});
		// In the same order on every file system.
		const hint = didYouMean(word, names.sort(), "");
		return hint === "" ? "" : `${hint} If not, `;
	}

	#check(path: string): number {
		const known = this.#programs[path];
		if (known !== undefined) return known;
		const result = this.#kernel.checkExecutable(path);
		this.#programs[path] = result;
		return result;
	}

	/** Whether `initctl await` finds the host now: by its number, or in /etc/hosts, which is made when a container starts. */
	isKnownHost(host: string): boolean {
		if (isAddress(host)) return true;
		const hosts = this.#kernel.readFile(HOSTS, HOSTS_BYTES);
		return addressesOf(host, typeof hosts === "string" ? hosts : "").length > 0;
	}

	/** Why the folder is none that a service can start in; empty: nothing is known against it. */
	folderProblem(path: string): string {
		const question = `${path}/`;
		const known = this.#answers[question];
		if (known !== undefined) return known;
		const names = this.#kernel.listDirectory(path, 1);
		let answer = "";
		if (names === -ENOENT)
			answer = `is ${quoted(path)}, which is not there; make it, or correct the path`;
		if (names === -ENOTDIR) answer = `is ${quoted(path)}, which is no folder; name one`;
		this.#answers[question] = answer;
		return answer;
	}
}

function within(directory: string, path: string): string {
	if (directory === "" || path.startsWith("/")) return path;
	return `${directory}/${path.startsWith("./") ? path.slice(2) : path}`;
}
