// The init's door to the simulated machine. Each method behaves as its namesake in init/native/ on Linux.
import {
	type Kernel,
	LEADS_GROUP,
	LEADS_SESSION,
	type ProgramScript,
	type Result,
} from "../../init/src/kernel/kernel.ts";
import { type LaunchRequest, LEADS_SERVICE } from "../../init/src/kernel/services_kernel.ts";
import type { StartServices } from "../../init/src/pid1/service_manager.ts";
import { runControl } from "../../init/src/scripts/control.ts";
import { runDefinitions } from "../../init/src/scripts/definitions.ts";
import { runHelper } from "../../init/src/scripts/helpers.ts";
import { startServices } from "../../init/src/scripts/services.ts";
import { runTool } from "../../init/src/scripts/tools.ts";
import type { Definition } from "../../init/src/services/definition.ts";
import { BeyondMachine } from "./beyond_machine.ts";
import { Descriptors } from "./descriptors.ts";
import * as errno from "./errno.ts";
import type { FileSystem } from "./file_system.ts";
import { killAll, killGroup, killOne, signalFromInit } from "./init_kills.ts";
import type { Machine } from "./machine.ts";
import { ProcView } from "./proc_view.ts";
import { SimulatedProcess } from "./process.ts";
import { play } from "./program.ts";
import { URG } from "./signal_actions.ts";
import { preempt, sleep, stopJob } from "./sleeping.ts";
import { MessageSocket, OpenedFile, Pipe, SilentStream } from "./streams.ts";

/** How the init was started. */
export interface Invocation {
	readonly arguments: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	readonly programPath: string;
	/** What `initctl compile` finds. */
	readonly definitions: readonly Definition[];
}

const STDERR = 2;
/** What the clock shows when the init starts: a Friday noon. */
const BEGAN_AT_MS = Date.UTC(2027, 0, 1, 12);

/** Another program has taken the init's place. */
export class Replaced extends Error {
	override readonly name = "Replaced";
}

export class SimulatedKernel extends BeyondMachine implements Kernel {
	readonly #machine: Machine;
	readonly #invocation: Invocation;
	readonly #proc: ProcView;
	readonly #descriptors: Descriptors;
	readonly #files: FileSystem;
	#environment: ReadonlyMap<string, string>;
	#modifiedS = 0;
	#signalDescriptor = -1;
	#sender = 0;
	#measuresMain = false;
	#status = 0;
	/** By the descriptor of the end to write to. */
	readonly #pipes = new Map<number, Pipe>();
	/** What ends an announcement, by its descriptor. */
	readonly #announcements = new Map<number, () => void>();

	constructor(machine: Machine, invocation: Invocation) {
		super();
		this.#machine = machine;
		this.#invocation = invocation;
		this.#proc = new ProcView(machine);
		this.#descriptors = new Descriptors(machine.conditions.descriptorLimit);
		this.#files = machine.files;
		this.#environment = new Map(Object.entries(invocation.environment));
	}

	argumentCount(): number {
		return this.#invocation.arguments.length;
	}

	argument(index: number): string | undefined {
		return this.#invocation.arguments[index];
	}

	environment(name: string): string | undefined {
		return this.#environment.get(name);
	}

	environmentHas(prefixes: string): boolean {
		const all = prefixes.split("\0");
		return [...this.#environment.keys()].some((name) =>
			all.some((prefix) => name.startsWith(prefix)),
		);
	}

	environmentEntries(): string[] {
		return [...this.#environment].map(([name, value]) => `${name}=${value}`);
	}

	replaceEnvironment(entries: readonly string[]): void {
		this.#environment = new Map(
			entries.map((entry) => {
				const equals = entry.indexOf("=");
				return [entry.slice(0, equals), entry.slice(equals + 1)];
			}),
		);
	}

	nowMs(): number {
		return this.#machine.nowMs;
	}

	processId(): number {
		return this.#machine.init.pid;
	}

	processGroup(): number {
		return this.#machine.init.group;
	}

	becomeSubreaper(): Result {
		if (!this.#machine.conditions.hasSubreaper) return -errno.EINVAL;
		this.#machine.init.isSubreaper = true;
		return 0;
	}

	setParentDeathSignal(signal: number): Result {
		this.#machine.init.parentDeathSignal = signal;
		return 0;
	}

	spawn(
		path: string,
		firstArgument: number,
		terminal: number,
		interpreter: string,
		leads: number,
		_keepsSignals: boolean,
	): Result {
		const given = this.#invocation.arguments.slice(firstArgument);
		const commandLine = interpreter === "" ? given : [interpreter, path, ...given.slice(1)];
		const child = this.#start(
			interpreter === "" ? path : interpreter,
			commandLine,
			terminal,
			leads,
			true,
		);
		if (typeof child === "number") return child;
		this.#machine.main = child;
		preempt(this.#machine);
		return child.pid;
	}

	spawnProgram(
		words: readonly string[],
		directory: string,
		terminal: number,
		leads: number,
		isMain: boolean,
	): Result {
		const [executed = ""] = words;
		if (directory !== "" && typeof this.#files.names(directory) === "number") return -errno.ENOENT;
		const path = executed.startsWith("./") ? `${directory}/${executed.slice(2)}` : executed;
		const child = this.#start(path, words, terminal, leads, isMain);
		if (typeof child === "number") return child;
		preempt(this.#machine);
		return child.pid;
	}

	launch(request: LaunchRequest): Result {
		const { path, words, directory, terminal, leads, isMain, environment } = request;
		if (directory !== "" && typeof this.#files.names(directory) === "number") return -errno.ENOENT;
		const executed = path.startsWith("./") ? `${directory}/${path.slice(2)}` : path;
		const child = this.#start(executed, words, terminal, leads, isMain, environment);
		if (typeof child === "number") return child;
		if (executed === this.#invocation.programPath && words[1] === "compile")
			this.#compile(request.descriptors);
		preempt(this.#machine);
		return child.pid;
	}

	/** The definitions of the world, to the pipe that is the compiler's stdout. */
	#compile(descriptors: readonly number[]): void {
		const pipe = this.#pipes.get(descriptors[0] ?? -1);
		pipe?.fill(this.#invocation.definitions.map((one) => `${JSON.stringify(one)}\n`).join(""));
	}

	launchStep(): number {
		return 0;
	}

	ownPath(): string {
		return this.#invocation.programPath;
	}

	openPipe(): number[] | Result {
		const pipe = new Pipe();
		const readEnd = this.#descriptors.open(pipe);
		if (readEnd < 0) return readEnd;
		const writeEnd = this.#descriptors.open(new SilentStream());
		if (writeEnd < 0) {
			this.#descriptors.close(readEnd);
			return writeEnd;
		}
		this.#pipes.set(writeEnd, pipe);
		return [readEnd, writeEnd];
	}

	openDevice(): Result {
		return this.#descriptors.open(new SilentStream());
	}

	/** Nobody connects. */
	listenStream(): Result {
		return this.#descriptors.open(new SilentStream());
	}

	acceptStream(): Result {
		return -errno.EAGAIN;
	}

	override peerUser(): Result {
		return -errno.EBADF;
	}

	send(): Result {
		return -errno.EBADF;
	}

	makeDirectory(): Result {
		return 0;
	}

	directoryOwner(): Result {
		return 0;
	}

	override watchFolder(path: string): Result {
		const names = this.#files.names(path);
		return typeof names === "number" ? names : this.#descriptors.open(new SilentStream());
	}

	override fileIdentity(path: string): string {
		return `${this.#files.find(path)?.inode ?? ""}`;
	}

	announceChanges(path: string): Result {
		const names = this.#files.names(path);
		if (typeof names === "number") return names;
		const descriptor = this.#descriptors.open(new SilentStream());
		if (descriptor < 0) return descriptor;
		const { init } = this.#machine;
		const end = this.#files.watch(path, () => this.#machine.send(init, URG, init.pid));
		this.#announcements.set(descriptor, end);
		return descriptor;
	}

	override realMs(): number {
		return BEGAN_AT_MS + this.#machine.nowMs;
	}

	localTime(seconds: number): number[] {
		const time = new Date(seconds * 1_000);
		return [
			...[time.getUTCFullYear(), time.getUTCMonth() + 1, time.getUTCDate()],
			...[time.getUTCHours(), time.getUTCMinutes(), time.getUTCDay()],
		];
	}

	#start(
		executed: string,
		commandLine: readonly string[],
		terminal: number,
		leads: number,
		isMain: boolean,
		environment: readonly string[] = this.environmentEntries(),
	): SimulatedProcess | number {
		const machine = this.#machine;
		const path = executed;
		const name = executed.slice(executed.lastIndexOf("/") + 1, 15);
		const child = machine.start({ parent: machine.init, name, commandLine });
		if (child === undefined) {
			machine.record({ type: "not-started", path, result: -errno.EAGAIN });
			return -errno.EAGAIN;
		}
		if (leads === LEADS_SESSION || leads === LEADS_SERVICE)
			machine.processes.moveToOwnSession(child);
		else if (leads === LEADS_GROUP) machine.processes.moveToGroup(child, child.pid);
		if (terminal >= 0) this.setForegroundGroup(terminal, child.pid);
		const file = this.#files.find(executed);
		const failure = file === undefined ? -errno.ENOENT : file.execResult;
		if (failure < 0) {
			machine.end(child, 127 << 8);
			machine.reap(child);
			if (terminal >= 0) this.setForegroundGroup(terminal, machine.init.group);
			machine.record({ type: "not-started", path, result: failure });
			return failure;
		}
		machine.record({ type: "executed", process: child, path, isMain, commandLine, environment });
		play(machine, child, file?.actor ?? []);
		return child;
	}

	reap(): Result {
		const { init } = this.#machine;
		preempt(this.#machine);
		for (const child of init.children) {
			if (child.state === "ended") {
				this.#machine.reap(child);
				this.#status = child.status;
				return child.pid;
			}
			if (child.untoldStop !== undefined) {
				this.#status = (child.untoldStop << 8) | 0x7f;
				child.untoldStop = undefined;
				return child.pid;
			}
		}
		return init.children.size === 0 ? -errno.ECHILD : 0;
	}

	childStatus(): number {
		return this.#status;
	}

	measureMainChild(): void {
		this.#measuresMain = true;
	}

	/** Made up, but only where they were asked for. */
	mainChildCpuMs(): number {
		return this.#measuresMain ? 250 : 0;
	}

	mainChildPeakKb(): number {
		return this.#measuresMain ? 4_096 : 0;
	}

	kill(pid: number, signal: number): Result {
		preempt(this.#machine);
		return killOne(this.#machine, pid, signal);
	}

	killGroup(group: number, signal: number): Result {
		preempt(this.#machine);
		return killGroup(this.#machine, group, signal);
	}

	killAll(signal: number): Result {
		preempt(this.#machine);
		return killAll(this.#machine, signal);
	}

	stopJob(): Result {
		return stopJob(this.#machine);
	}

	openProcess(pid: number): Result {
		preempt(this.#machine);
		const { processDescriptors } = this.#machine.conditions;
		if (processDescriptors === "unknown") return -errno.ENOSYS;
		if (processDescriptors === "refused") return -errno.EPERM;
		const process = this.#machine.processes.find(pid);
		return process === undefined ? -errno.ESRCH : this.#descriptors.open(process);
	}

	signalProcess(descriptor: number, signal: number): Result {
		preempt(this.#machine);
		const opened = this.#descriptors.get(descriptor);
		if (!(opened instanceof SimulatedProcess)) return -errno.EBADF;
		if (this.#machine.conditions.processDescriptors === "not signalled") return -errno.EPERM;
		return signalFromInit(this.#machine, opened, signal, "signalProcess");
	}

	waitSignal(timeoutMs: number): Result {
		preempt(this.#machine);
		const { pending } = this.#machine.init;
		if (timeoutMs !== 0 || pending.isEmpty) {
			const isReady = () => !pending.isEmpty;
			const openDescriptors = this.#descriptors.count;
			if (sleep(this.#machine, { timeoutMs, isReady, openDescriptors }) === "interrupt") {
				return -errno.EINTR;
			}
		}
		const received = pending.take();
		if (received === undefined) return 0;
		this.#machine.record({ type: "received", received });
		this.#sender = received.sender;
		return received.signal;
	}

	signalSender(): number {
		return this.#sender;
	}

	poll(descriptors: readonly number[], timeoutMs: number): number[] | Result {
		if (this.#signalDescriptor < 0) this.#signalDescriptor = this.#descriptors.open("signals");
		if (this.#signalDescriptor < 0) return this.#signalDescriptor;
		const ready = () => descriptors.filter((descriptor) => this.#isReadable(descriptor));
		const wokenBy = sleep(this.#machine, {
			timeoutMs,
			isReady: () => this.#isReadable(this.#signalDescriptor) || ready().length > 0,
			openDescriptors: this.#descriptors.count,
		});
		return wokenBy === "interrupt" ? -errno.EINTR : ready();
	}

	/** A number that is no descriptor is reported at once, as POLLNVAL is. */
	#isReadable(descriptor: number): boolean {
		const opened = this.#descriptors.get(descriptor);
		if (opened === "signals") return !this.#machine.init.pending.isEmpty;
		if (opened instanceof SimulatedProcess) return !opened.isAlive;
		return opened?.isReadable !== false;
	}

	foregroundGroup(descriptor: number): Result {
		const { terminal } = this.#machine.init;
		if (terminal === undefined || descriptor < 0 || descriptor > STDERR) return -errno.ENOTTY;
		return terminal.foregroundGroup;
	}

	giveUpTerminal(): Result {
		const { init } = this.#machine;
		if (init.terminal === undefined) return -errno.ENOTTY;
		init.terminal = undefined;
		return 0;
	}

	readsKeys(descriptor: number): Result {
		const { terminal } = this.#machine.init;
		if (terminal === undefined || descriptor < 0 || descriptor > STDERR) return -errno.ENOTTY;
		return Number(terminal.readsKeys);
	}

	setForegroundGroup(descriptor: number, group: number): Result {
		const { init, processes } = this.#machine;
		if (init.terminal === undefined || descriptor < 0 || descriptor > STDERR) return -errno.ENOTTY;
		const members = processes.ofGroup(group);
		if (members.length === 0) return -errno.ESRCH;
		if (!members.some(({ session }) => session === init.session)) return -errno.EPERM;
		init.terminal.foregroundGroup = group;
		return 0;
	}

	readFile(path: string, limit: number): string | Result {
		preempt(this.#machine);
		if (path.startsWith("/proc/")) return cut(this.#proc.read(path), limit);
		return cut(this.#files.find(path)?.bytes ?? -errno.ENOENT, limit);
	}

	readLink(path: string): string | Result {
		return path === "/proc/self" ? this.#proc.self() : -errno.ENOENT;
	}

	checkExecutable(path: string): Result {
		const file = this.#files.find(path);
		if (file === undefined) return -errno.ENOENT;
		if (file.kind === "directory") return -errno.EISDIR;
		if (!file.isExecutable) return -errno.EACCES;
		return Number(file.inode === this.#files.find(this.#invocation.programPath)?.inode);
	}

	listProcesses(): number[] | Result {
		preempt(this.#machine);
		this.#machine.record({ type: "listed" });
		return this.#proc.pids();
	}

	write(descriptor: number, bytes: string): Result {
		const { stderr } = this.#machine.conditions;
		if (descriptor === STDERR && stderr !== "read") {
			this.#machine.record({ type: "dropped", descriptor });
			return stderr === "blocked" ? -errno.EAGAIN : -errno.EBADF;
		}
		this.#machine.record({ type: "wrote", descriptor, bytes });
		return bytes.length;
	}

	writeFile(path: string, bytes: string): Result {
		if (path.startsWith("/missing/")) return -errno.ENOENT;
		this.#machine.record({ type: "wrote-file", path, bytes });
		return bytes.length;
	}

	hasAnyFile(paths: string): boolean {
		return paths
			.split("\0")
			.some(
				(path) => this.#files.find(path) !== undefined || Array.isArray(this.#files.names(path)),
			);
	}

	span(text: string, ranges: string): number {
		const isIn = (unit: string): boolean =>
			Array.from({ length: ranges.length / 2 }).some(
				(_, i) => unit >= ranges.charAt(2 * i) && unit <= ranges.charAt(2 * i + 1),
			);
		const end = text.split("").findIndex((unit) => !isIn(unit));
		return end < 0 ? text.length : end;
	}

	listDirectory(path: string, limit: number): string[] | Result {
		const names = this.#files.names(path);
		return typeof names === "number" ? names : names.slice(0, limit);
	}

	lineOf(path: string, start: string, limit: number): string | undefined {
		const content = this.readRegularFile(path, limit);
		if (typeof content === "number") return undefined;
		return content.split("\n").find((line) => line !== "" && line.startsWith(start));
	}

	readRegularFile(path: string, limit: number): string | Result {
		preempt(this.#machine);
		const file = this.#files.find(path);
		if (file === undefined) return -errno.ENOENT;
		if (file.kind === "directory") return -errno.EINVAL;
		this.#modifiedS = file.modifiedS;
		return file.bytes.length > limit ? -errno.EFBIG : file.bytes;
	}

	openRegularFile(path: string): Result {
		preempt(this.#machine);
		const file = this.#files.find(path);
		if (file === undefined) return -errno.ENOENT;
		if (file.kind === "socket") return -errno.ENXIO;
		if (file.kind === "directory") return -errno.EINVAL;
		return this.#descriptors.open(new OpenedFile(file.bytes));
	}

	fileModifiedS(): number {
		return this.#modifiedS;
	}

	keepFile(path: string, bytes: string, _mode: number, _group: number, modifiedS: number): Result {
		return this.#files.write(path, bytes, modifiedS);
	}

	removeFile(path: string): Result {
		return this.#files.remove(path);
	}

	userId(): number {
		return 0;
	}

	groupId(): number {
		return 0;
	}

	becomeUser(user: number, group: number, groups: readonly number[]): Result {
		this.#machine.record({ type: "became", user, group, groups });
		return 0;
	}

	execute(path: string, firstArgument: number, interpreter: string): Result {
		const file = this.#files.find(interpreter === "" ? path : interpreter);
		const failure = file === undefined ? -errno.ENOENT : file.execResult;
		if (failure < 0) return failure;
		const given = this.#invocation.arguments.slice(firstArgument);
		const commandLine = interpreter === "" ? given : [interpreter, path, ...given.slice(1)];
		const environment = this.environmentEntries();
		this.#machine.record({
			...{
				type: "executed",
				process: this.#machine.init,
				path,
				isMain: true,
				commandLine,
				environment,
			},
		});
		throw new Replaced();
	}

	program(script: number): ProgramScript {
		const programs = [runTool, undefined, runDefinitions, runControl, runHelper];
		const program = programs[script];
		if (program === undefined) throw new Error(`no script ${script}`);
		return program;
	}

	services(): StartServices {
		return startServices;
	}

	closeFrom(first: number): Result {
		this.#machine.record({ type: "closed", descriptor: first });
		return 0;
	}

	changeDirectory(path: string): Result {
		return path === "/" ? 0 : -errno.ENOENT;
	}

	read(descriptor: number, limit: number): string | Result {
		preempt(this.#machine);
		const opened = this.#descriptors.get(descriptor);
		if (opened === undefined || opened === "signals" || opened instanceof SimulatedProcess)
			return -errno.EBADF;
		return opened.read(limit);
	}

	/** Whoever sends is the service. */
	receive(descriptor: number): string | Result {
		return this.read(descriptor, 4_096);
	}

	bindDatagram(path: string, mode: number): Result {
		const file = this.#files.find(path);
		if (file !== undefined && file.kind !== "socket") return -errno.EEXIST;
		const socket = new MessageSocket(mode);
		const descriptor = this.#descriptors.open(socket);
		if (descriptor >= 0) this.#files.listen(path, socket);
		return descriptor;
	}

	close(descriptor: number): Result {
		this.#machine.record({ type: "closed", descriptor });
		this.#announcements.get(descriptor)?.();
		this.#announcements.delete(descriptor);
		return this.#descriptors.close(descriptor);
	}
}

function cut(bytes: string | number, limit: number): string | number {
	return typeof bytes === "string" ? bytes.slice(0, limit) : bytes;
}
