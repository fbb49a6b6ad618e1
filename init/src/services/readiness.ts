// How services say that they are ready: a newline on a descriptor, or READY=1 to a socket.
import { describeErrno, EPERM } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import type { Service } from "./service.ts";

const MESSAGE_BYTES = 4_096;
/** Read before others have their turn. */
const MESSAGES_AT_ONCE = 16;
/** The service may run as another user. */
const SOCKET_MODE = 0o666;
const FOLDER_MODE = 0o711;

interface Ear {
	readonly service: Service;
	readonly descriptor: number;
	/** Whether it is a socket, which stays open: nobody must wait for us to read. */
	readonly isSocket: boolean;
	hasRefused: boolean;
}

export class Readiness {
	readonly #kernel: Kernel;
	readonly #log: Log;
	readonly #runFolder: string | undefined;
	#ears: Ear[] = [];

	constructor(kernel: Kernel, log: Log, runFolder: string | undefined) {
		this.#kernel = kernel;
		this.#log = log;
		this.#runFolder = runFolder;
	}

	descriptors(): readonly number[] {
		return this.#ears.map(({ descriptor }) => descriptor);
	}

	/** The end of a pipe to write to, which the caller closes once the service has it; −1: it says it in another way. */
	openPipe(service: Service): number {
		if (service.definition.ready?.kind !== "fd") return -1;
		const ends = this.#kernel.openPipe(true);
		if (typeof ends === "number") {
			this.#log.say(
				"warning",
				`${service.definition.name}: no pipe to hear of its readiness by: ${describeErrno(ends)}`,
			);
			return -1;
		}
		const [readEnd = -1, writeEnd = -1] = ends;
		this.#ears.push({ service, descriptor: readEnd, isSocket: false, hasRefused: false });
		return writeEnd;
	}

	/** The path in NOTIFY_SOCKET: sd_notify(3); undefined: it says it in another way, or there is no place for a socket. */
	socketPath(service: Service): string | undefined {
		const { name, ready } = service.definition;
		if (ready?.kind !== "sd_notify") return undefined;
		if (this.#runFolder === undefined) {
			this.#log.say("warning", `${name}: no NOTIFY_SOCKET: no folder for it can be written`);
			return undefined;
		}
		const folder = `${this.#runFolder}/notify`;
		const path = `${folder}/${name}`;
		if (this.#ears.some((ear) => ear.service === service)) return path;
		this.#kernel.makeDirectory(folder, FOLDER_MODE);
		const socket = this.#kernel.bindDatagram(path, SOCKET_MODE);
		if (socket < 0) {
			this.#log.say("warning", `${name}: no NOTIFY_SOCKET at ${path}: ${describeErrno(socket)}`);
			return undefined;
		}
		this.#ears.push({ service, descriptor: socket, isSocket: true, hasRefused: false });
		return path;
	}

	/** Reads what is there; the services that have said that they are ready. */
	read(descriptors: readonly number[]): readonly Service[] {
		const ready: Service[] = [];
		for (const ear of this.#ears) {
			if (!descriptors.includes(ear.descriptor)) continue;
			if (ear.isSocket ? this.#readSocket(ear) : this.#readPipe(ear)) ready.push(ear.service);
		}
		return ready;
	}

	#readPipe(ear: Ear): boolean {
		const bytes = this.#kernel.read(ear.descriptor, MESSAGE_BYTES);
		if (typeof bytes === "number") return false;
		const isReady = bytes.includes("\n");
		// An end without a newline: it does not want to say it any more, or is gone.
		if (isReady || bytes === "") this.forget(ear.service);
		return isReady;
	}

	/** Everybody can send to it: a process of another user that is none of the service's is not heard. */
	#readSocket(ear: Ear): boolean {
		const { descriptor, service } = ear;
		const user = service.definition.launch.identity?.user ?? this.#kernel.userId();
		let isReady = false;
		for (let i = 0; i < MESSAGES_AT_ONCE; i++) {
			const message = this.#kernel.receive(descriptor, user, service.pid);
			if (message === -EPERM) this.#refuse(ear);
			else if (typeof message === "number") break;
			else if (message.split("\n").includes("READY=1")) isReady = true;
		}
		return isReady;
	}

	/** Said once: whoever sends it may do so without end. */
	#refuse(ear: Ear): void {
		if (ear.hasRefused) return;
		ear.hasRefused = true;
		const text = "another user's process, which is not its own, is not heard by NOTIFY_SOCKET";
		this.#log.say("warning", `${ear.service.definition.name}: ${text}`);
	}

	close(): void {
		for (const { descriptor } of this.#ears) this.#kernel.close(descriptor);
		this.#ears = [];
	}

	/** Its pipe is closed: it is ready, or gone. */
	forget(service: Service): void {
		const ear = this.#ears.find((one) => one.service === service && !one.isSocket);
		if (ear === undefined) return;
		this.#kernel.close(ear.descriptor);
		this.#ears = this.#ears.filter((one) => one !== ear);
	}
}
