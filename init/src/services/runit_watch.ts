// Services that come into runit's folder while the container runs, or leave it.
import { describeErrno, ENOENT, ENOTDIR } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import { SERVICES_FOLDER } from "../pid1/services.ts";
import type { Definition } from "./definition.ts";
import { addLater, doom } from "./happenings.ts";
import { find, type Machine } from "./machine.ts";
import { runitDefinition, runitNames } from "./runit.ts";
import { shownName } from "./service.ts";

const EVENTS_BYTES = 4_096;
const MOST_FOLDERS = 1_024;
/** Whoever makes a `run` may still make its `finish` or `log`: so long they have. */
const LOOK_AGAIN_MS = 500;
/** What cannot be watched, a link to nowhere, is looked at ever more rarely, and so often at least. */
const LONGEST_WAIT_MS = 30_000;
/** As runsvdir(8) does, where each look costs a wake-up that watching does not. */
const LOOK_EVERY_MS = 5_000;

export class RunitWatch {
	readonly #kernel: Kernel;
	readonly #log: Log;
	/** Readable once the folder of all has changed, and once one that lacks a `run` has; −1: there is none. */
	#all = -1;
	#lacking = -1;
	/** When it is to be looked at, and how long later once more. */
	lookAtMs = Number.POSITIVE_INFINITY;
	#againMs = LOOK_AGAIN_MS;
	/** By ":NAME", which folder a service was started from. */
	readonly #identities: Record<string, string> = {};
	/** How long after each look the next one comes in any case: for where the folder cannot be watched. */
	#everyMs = Number.POSITIVE_INFINITY;

	constructor(kernel: Kernel, log: Log) {
		this.#kernel = kernel;
		this.#log = log;
	}

	open(): void {
		this.#all = this.#kernel.watchFolder(SERVICES_FOLDER, -1);
		if (this.#all === -ENOENT) return;
		// Some of the services may lack their `run`.
		this.lookAtMs = Number.NEGATIVE_INFINITY;
		if (this.#all >= 0) return;
		const why = describeErrno(this.#all);
		const seconds = LOOK_EVERY_MS / 1_000;
		const text = `${SERVICES_FOLDER} cannot be watched: ${why}; it is looked at every ${seconds} s`;
		this.#log.say("warning", text);
		this.#everyMs = LOOK_EVERY_MS;
	}

	close(): void {
		for (const descriptor of this.descriptors()) this.#kernel.close(descriptor);
		this.#all = -1;
		this.#lacking = -1;
		this.lookAtMs = Number.POSITIVE_INFINITY;
	}

	descriptors(): readonly number[] {
		return [this.#all, this.#lacking].filter((one) => one >= 0);
	}

	/** The folders themselves tell what has happened. */
	read(descriptors: readonly number[], nowMs: number): void {
		for (const one of this.descriptors()) {
			if (!descriptors.includes(one)) continue;
			let events = this.#kernel.read(one, EVENTS_BYTES);
			while (typeof events === "string" && events !== "")
				events = this.#kernel.read(one, EVENTS_BYTES);
			this.#againMs = LOOK_AGAIN_MS;
			this.lookAtMs = Math.min(this.lookAtMs, one === this.#all ? nowMs : nowMs + LOOK_AGAIN_MS);
		}
	}

	/** As runsvdir(8): a new folder is a new service, one that is gone is stopped and forgotten. */
	follow(machine: Machine, nowMs: number): void {
		if (machine.isHeld) {
			this.lookAtMs = Number.POSITIVE_INFINITY;
			return;
		}
		const names = this.#look(nowMs);
		for (const service of machine.services) {
			const { definition, isDoomed } = service;
			if (definition.runitFolder === "" || isDoomed) continue;
			const fate = this.#fateOf(definition, names);
			if (fate === "") continue;
			this.#log.say("notice", `${definition.file} ${fate}: ${shownName(service)} is stopped`);
			doom(machine, service, fate, nowMs);
		}
		const fresh = names.filter(
			(name) => find(machine, name) === undefined && !machine.taken.includes(name),
		);
		const definitions = fresh.map((name) => runitDefinition(this.#kernel, name));
		for (const definition of definitions) this.#identify(definition);
		addLater(machine, definitions, nowMs);
	}

	/** What has become of its folder; empty: nothing. */
	#fateOf({ name, runitFolder }: Definition, names: readonly string[]): string {
		const known = this.#identities[`:${name}`] ?? "";
		const identity = this.#identify({ name, runitFolder });
		if (known !== "" && identity !== "" && known !== identity) return "has been replaced";
		if (names.includes(name)) return "";
		return this.#kernel.checkExecutable(`${runitFolder}/run`) === -ENOENT ? "is gone" : "";
	}

	#identify({ name, runitFolder }: Pick<Definition, "name" | "runitFolder">): string {
		const identity = this.#kernel.fileIdentity(runitFolder);
		this.#identities[`:${name}`] = identity;
		return identity;
	}

	/** The services that are there now; folders without a `run` that can be executed are watched until they have one. */
	#look(nowMs: number): readonly string[] {
		this.lookAtMs = nowMs + this.#everyMs;
		if (this.#lacking >= 0) this.#kernel.close(this.#lacking);
		this.#lacking = -1;
		const names = runitNames(this.#kernel);
		const all = this.#kernel.listDirectory(SERVICES_FOLDER, MOST_FOLDERS);
		if (typeof all === "number") return names;
		const lacking = all.filter((name) => !name.startsWith(".") && !names.includes(name));
		if (lacking.length === 0) return names;
		if (!this.#watch(lacking)) {
			this.lookAtMs = nowMs + Math.min(this.#againMs, this.#everyMs);
			this.#againMs = Math.min(2 * this.#againMs, LONGEST_WAIT_MS);
		}
		// It may have come before it was watched.
		return runitNames(this.#kernel);
	}

	/** Whether all of them are watched, but for what is no folder. */
	#watch(names: readonly string[]): boolean {
		let areAll = true;
		for (const name of names) {
			const result = this.#kernel.watchFolder(`${SERVICES_FOLDER}/${name}`, this.#lacking);
			if (result >= 0) this.#lacking = result;
			else if (result !== -ENOTDIR) areAll = false;
		}
		return areAll;
	}
}
