// One connection to an engine: what an ssh process reads and writes, with the manners of a socket.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Socket } from "node:net";
import process from "node:process";
import { Duplex } from "node:stream";

/** How an ssh process ended before its connection was given up. */
export interface SshEnd {
	/** Undefined: a signal ended it. */
	exitCode: number | undefined;
	/** What it, or the far side, wrote to stderr. */
	words: string;
	/** The engine had answered something. */
	wasUsed: boolean;
}

export interface SshProcess {
	program: string;
	args: readonly string[];
	env: NodeJS.ProcessEnv;
	/** What is told of an end that nobody wanted. */
	whyEnded: (end: SshEnd) => Error;
}

/**
 * Ctrl-C and a terminal that is closed reach everybody in the foreground. ssh must outlive them: what was made on the far side
 * is removed through it. A process group of its own would do too, but could not ask for a password.
 */
const WITHOUT_TERMINAL_SIGNALS = 'trap "" HUP INT QUIT; exec "$@"';
const MOST_WORDS = 8_192;
/** A master that ssh leaves behind (ControlPersist) may hold stderr open for as long as it lives. */
const LAST_WORDS_MS = 500;
const KILL_AFTER_MS = 2_000;

const living = new Set<SshConnection>();

export class SshConnection extends Duplex {
	readonly #child: ChildProcessWithoutNullStreams;
	readonly #ended: Promise<Error | undefined>;
	#words = "";
	#wasUsed = false;
	#idleTimer: NodeJS.Timeout | undefined;
	/** As of a socket: milliseconds, 0 for none. http.Agent reads it. */
	timeout = 0;

	constructor({ program, args, env, whyEnded }: SshProcess) {
		super({ allowHalfOpen: false });
		const command = ["-c", WITHOUT_TERMINAL_SIGNALS, "sh", program, ...args];
		this.#child = spawn("/bin/sh", command, { env, stdio: "pipe" });
		living.add(this);
		endWithThisProcess();
		this.#ended = this.#end(whyEnded);
		void this.#ended.then((error) => this.#finish(error));
		this.#child.stdout.on("data", (chunk: Buffer) => {
			this.#wasUsed = true;
			this.#restartIdleTimer();
			if (!this.push(chunk)) this.#child.stdout.pause();
		});
		this.#child.stderr.on("data", (chunk: Buffer) => {
			this.#words = (this.#words + chunk.toString("utf8")).slice(-MOST_WORDS);
		});
		// Its end tells why nothing can be written any more.
		this.#child.stdin.on("error", () => undefined);
	}

	/** Settles with the end of the process and of its output: why, unless it said all that it had to say. */
	#end(whyEnded: (end: SshEnd) => Error): Promise<Error | undefined> {
		const child = this.#child;
		const { promise, resolve } = Promise.withResolvers<Error | undefined>();
		child.once("error", (error) => {
			living.delete(this);
			resolve(error);
		});
		child.once("exit", () => {
			living.delete(this);
			const timer = setTimeout(() => child.stderr.destroy(), LAST_WORDS_MS);
			child.once("close", () => clearTimeout(timer));
		});
		child.once("close", (code: number | null) => {
			const wasUsed = this.#wasUsed;
			if (code === 0 && wasUsed) return resolve(undefined);
			resolve(whyEnded({ exitCode: code ?? undefined, words: this.#words, wasUsed }));
		});
		return promise;
	}

	#finish(error: Error | undefined): void {
		if (this.destroyed) return;
		if (error === undefined) this.push(null);
		else this.destroy(error);
	}

	override _read(): void {
		this.#child.stdout.resume();
	}

	override _write(
		chunk: unknown,
		encoding: BufferEncoding,
		callback: (error?: Error | null) => void,
	): void {
		this.#restartIdleTimer();
		this.#child.stdin.write(chunk, encoding, (error) => {
			if (!error) callback();
			else void this.#ended.then((why) => callback(why ?? error));
		});
	}

	override _final(callback: (error?: Error | null) => void): void {
		this.#child.stdin.end(() => callback());
	}

	override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
		clearTimeout(this.#idleTimer);
		this.endProcess();
		callback(error);
	}

	/** Ends the process, which then is waited for by whoever waits for this command. */
	endProcess(): void {
		const child = this.#child;
		for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
		if (!living.has(this)) return;
		child.ref();
		child.kill("SIGTERM");
		const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
		child.once("exit", () => clearTimeout(timer));
	}

	/** For the moment at which nothing can be waited for any more. */
	killProcess(): void {
		this.#child.kill("SIGKILL");
	}

	destroySoon(): void {
		if (this.writable) this.end();
		if (this.writableFinished) this.destroy();
		else this.once("finish", () => this.destroy());
	}

	setTimeout(milliseconds: number, callback?: () => void): this {
		this.timeout = milliseconds;
		if (callback !== undefined) {
			if (milliseconds === 0) this.removeListener("timeout", callback);
			else this.once("timeout", callback);
		}
		this.#restartIdleTimer();
		return this;
	}

	#restartIdleTimer(): void {
		clearTimeout(this.#idleTimer);
		if (this.timeout === 0 || this.destroyed) return;
		this.#idleTimer = setTimeout(() => this.emit("timeout"), this.timeout).unref();
	}

	/** While nobody uses it, it keeps no command from its end. */
	unref(): this {
		this.#child.unref();
		for (const pipe of this.#pipes()) pipe.unref();
		return this;
	}

	ref(): this {
		this.#child.ref();
		for (const pipe of this.#pipes()) pipe.ref();
		return this;
	}

	#pipes(): Socket[] {
		const { stdin, stdout, stderr } = this.#child;
		return [stdin, stdout, stderr].filter((stream) => stream instanceof Socket);
	}

	/** Of TCP alone; ssh has its own. */
	setNoDelay(): this {
		return this;
	}

	setKeepAlive(): this {
		return this;
	}
}

let isPrepared = false;

/** Idle connections are kept for the next request; none of them outlives this process. */
function endWithThisProcess(): void {
	if (isPrepared) return;
	isPrepared = true;
	process.once("beforeExit", endSshConnections);
	process.once("exit", () => {
		for (const connection of living) connection.killProcess();
	});
}

/** Ends what goes on by ssh: nobody waits for an answer any more. */
export function endSshConnections(): void {
	for (const connection of living) connection.destroy();
}
