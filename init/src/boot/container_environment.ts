// The container environment: what scripts, services and the main command find in theirs, and the files that it is exchanged by.
import { describeErrno, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import type { Settings } from "../options/settings.ts";
import { DUMP_FILE, jsonMember, shellLine } from "./dumps.ts";
import {
	canBeFile,
	type EnvironmentFile,
	FOLDER,
	readFolder,
	removeFile,
	writeFile,
} from "./environment_files.ts";
import { isSecret, readSecrets, SECRET_PREFIX } from "./secrets.ts";
import { GROUP, parseId } from "./users.ts";
import { Variables } from "./variables.ts";

const JSON_DUMP = "/etc/container_environment.json";
/** They say who somebody is, and would be wrong for everybody else. */
const OF_A_USER = ["HOME", "USER", "GROUP", "UID", "GID", "SHELL"];
const DUMP_MODE = 0o640;
const DUMP_GROUP = "docker_env";
const GROUP_FILE_BYTES = 1_048_576;

export class ContainerEnvironment {
	readonly #kernel: Kernel;
	readonly #log: Log;
	readonly #secretPatterns: readonly string[];
	#variables: Variables;
	/** Whether there is a folder, and it can be written. */
	#isKept = false;
	/** Whether the variables are others than the process's own. */
	#isChanged = false;
	/** What has been said of the folder: it is read after each script, and says the same each time. */
	#said: readonly string[] = [];
	/** What the files held when they were read last. */
	#seen: readonly EnvironmentFile[] = [];
	/** Of the files that the dumps are: looked up once. */
	#dumpGroup: number | undefined;

	private constructor(kernel: Kernel, log: Log, settings: Settings) {
		this.#kernel = kernel;
		this.#log = log;
		this.#secretPatterns = settings.secretVariables;
		this.#variables = Variables.of(kernel.environmentEntries());
	}

	/** Reads what is there and writes it back; undefined where there is no folder and no secret, and nothing changes. */
	static open(kernel: Kernel, log: Log, settings: Settings): ContainerEnvironment | undefined {
		const hasSecrets = settings.fileVariables.length > 0 || kernel.environmentHas(SECRET_PREFIX);
		const folder = readFolder(kernel, log);
		if (folder === -ENOENT && !hasSecrets) return undefined;
		const environment = new ContainerEnvironment(kernel, log, settings);
		const variables = environment.#variables;
		if (typeof folder === "number") {
			log.say("debug", `${FOLDER} cannot be read: ${describeErrno(folder)}`);
		} else {
			// What an earlier start of this container has written down is past.
			for (const { name, value, isOurs } of folder.files)
				if (!isOurs && !variables.has(name)) variables.set(name, value);
			environment.#isChanged = folder.files.length > 0;
			environment.#sayOnce(folder.leftOut);
			environment.#seen = folder.files;
		}
		if (hasSecrets) {
			readSecrets(kernel, log, variables, settings.fileVariables);
			environment.#isChanged = true;
		}
		if (typeof folder !== "number") environment.#writeFolder(folder.files);
		environment.#publish();
		return environment;
	}

	/** After a start-up script: the files are what holds now. */
	reload(): void {
		const folder = readFolder(this.#kernel, this.#log);
		if (typeof folder === "number") return;
		const { files, isWhole, leftOut } = folder;
		this.#sayOnce(leftOut);
		const variables = new Variables();
		for (const [place, name] of this.#variables.names.entries()) {
			// What could not be written to the folder, or was not read, cannot have been removed from it either.
			if (!this.#isKept || !isWhole || !this.#isFile(name))
				variables.set(name, this.#variables.at(place));
		}
		for (const { name, value } of files) {
			// Where what was set could not be written, a file of the image is still one that was overruled.
			if (this.#isKept || !this.#seen.some((file) => file.name === name && file.value === value))
				variables.set(name, value);
		}
		this.#seen = files;
		this.#variables = variables;
		this.#isChanged = true;
		this.#publish();
	}

	#sayOnce(leftOut: readonly string[]): void {
		for (const text of leftOut) if (!this.#said.includes(text)) this.#log.say("warning", text);
		this.#said = leftOut;
	}

	#isFile(name: string): boolean {
		return canBeFile(name) && this.#isWritten(name);
	}

	#isWritten(name: string): boolean {
		return !OF_A_USER.includes(name) && !isSecret(name, this.#secretPatterns);
	}

	#writeFolder(files: readonly EnvironmentFile[]): void {
		const there = files.length > 0 ? new Variables() : undefined;
		for (const { name, value, isOurs } of files) {
			if (isOurs && !(this.#variables.has(name) && this.#isFile(name)))
				removeFile(this.#kernel, name);
			else there?.set(name, value);
		}
		const { names } = this.#variables;
		for (let i = 0; i < names.length; i++) {
			const name = names[i] ?? "";
			const value = this.#variables.at(i);
			if (!this.#isFile(name) || there?.get(name) === value) continue;
			const result = writeFile(this.#kernel, name, value);
			if (result < 0) {
				// Not root, or a read-only root: everything else works without it.
				this.#log.say("debug", `${FOLDER} cannot be written: ${describeErrno(result)}`);
				return;
			}
		}
		this.#isKept = true;
	}

	/** For those who are started from now on, and for those who read the dumps. */
	#publish(): void {
		if (this.#isChanged) this.#kernel.replaceEnvironment(this.#variables.entries());
		if (!this.#isKept) return;
		const { names } = this.#variables;
		let lines = "";
		let members = "";
		for (let i = 0; i < names.length; i++) {
			const name = names[i] ?? "";
			if (isSecret(name, this.#secretPatterns)) continue;
			const value = this.#variables.at(i);
			if (!OF_A_USER.includes(name)) lines += shellLine(this.#kernel, name, value);
			members += `${members === "" ? "" : ", "}${jsonMember(this.#kernel, name, value)}`;
		}
		this.#dump(DUMP_FILE, lines);
		this.#dump(JSON_DUMP, `{${members}}\n`);
	}

	#dump(path: string, text: string): void {
		this.#dumpGroup ??= dumpGroup(this.#kernel);
		const result = this.#kernel.keepFile(path, text, DUMP_MODE, this.#dumpGroup, -1);
		if (result < 0) this.#log.say("debug", `${path} cannot be written: ${describeErrno(result)}`);
	}
}

/**
 * The number of the group that may read the dumps; −1 where the image does not have it. Not by findGroup, which takes ten times as
 * long: the main command waits for this.
 */
function dumpGroup(kernel: Kernel): number {
	const [, , gid = ""] = (kernel.lineOf(GROUP, `${DUMP_GROUP}:`, GROUP_FILE_BYTES) ?? "").split(
		":",
	);
	return parseId(gid) ?? -1;
}
