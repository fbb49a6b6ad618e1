// When a container is there for its users: it has written its first byte, or its port answers.
import { connect, type Socket } from "node:net";
import type { Container } from "dockerode";
import { outputOf } from "../engine/answer.ts";
import type { Engine } from "../engine/connect.ts";
import { failureOfStart } from "../engine/refusal.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import { isHere } from "../processes/reader.ts";
import { pause } from "../waiting.ts";

const LIMIT_MS = 60_000;
const PORT_POLL_MS = 2;

/** Starts a container and gives the milliseconds until it is ready. Throws a Failure where that never comes. */
export async function startAndWait(
	engine: Engine,
	container: Container,
	port: number | undefined,
	signal: AbortSignal,
): Promise<number> {
	// Before the start: afterwards the first bytes could be gone.
	const stream = await container.attach({ stream: true, stdout: true, stderr: true });
	const over = new AbortController();
	const late = AbortSignal.any([signal, over.signal]);
	const timer = setTimeout(() => over.abort(tooLate(port)), LIMIT_MS);
	try {
		const written = firstByte(stream, late);
		// It is asked for in any case, and may be wanted by nobody.
		written.catch(() => undefined);
		const begin = performance.now();
		await start(container);
		const isReady = port === undefined ? written : answers(engine, container, port, late);
		await Promise.race([isReady, endOf(container, late)]);
		return performance.now() - begin;
	} finally {
		clearTimeout(timer);
		over.abort(new Error("over"));
		if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
	}
}

async function start(container: Container): Promise<void> {
	try {
		await container.start();
	} catch (cause) {
		const { Config, Image } = await container.inspect();
		throw new Failure(
			ExitCode.system,
			`starting a container of ${Config.Image || Image}: ${messageOf(cause)}`,
			"Is the image made for the engine's processor, and does it have a command? --command gives one.",
			{ cause },
		);
	}
}

function firstByte(stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	let seen = Buffer.alloc(0);
	stream.on("data", (chunk: Buffer) => {
		if (seen.length < 65_536) seen = Buffer.concat([seen, chunk]);
		if (outputOf(seen, [1]) !== "") resolve();
	});
	signal.addEventListener("abort", () => reject(signal.reason), { once: true });
	return promise;
}

/** Ends with a Failure when the container does: whatever is measured goes on. */
async function endOf(container: Container, signal: AbortSignal): Promise<never> {
	await Promise.race([container.wait(), aborted(signal)]);
	signal.throwIfAborted();
	throw await endedEarly(container);
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});
}

/** Does what takes a running container; throws a Failure as soon as that has ended by itself, whatever else went wrong by it. */
export async function whileRunning<T>(
	container: Container,
	signal: AbortSignal,
	work: (within: AbortSignal) => Promise<T>,
): Promise<T> {
	const ended = new AbortController();
	const watch = container.wait().then(() => ended.abort());
	watch.catch(() => undefined);
	try {
		return await work(AbortSignal.any([signal, ended.signal]));
	} catch (thrown) {
		signal.throwIfAborted();
		if ((await container.inspect()).State.Running) throw thrown;
		throw await endedEarly(container);
	}
}

async function endedEarly(container: Container): Promise<Failure> {
	const { State, Config } = await container.inspect();
	const logs = await container.logs({ stdout: true, stderr: true, tail: 5 });
	const said = outputOf(logs).trim() || "nothing";
	const unstarted = failureOfStart(Config.Image, said);
	if (unstarted !== undefined) return unstarted;
	return new Failure(
		ExitCode.system,
		`the container of ${Config.Image} ended by itself with exit code ${State.ExitCode}; it wrote: ${said}`,
		"Name a command that goes on until it is told to end, such as --command \"sh -c 'echo ready; sleep 1000'\".",
	);
}

/**
 * On this machine: the container's own address accepts a connection. Elsewhere the published port is accepted by the engine
 * at once, so that it takes a byte of an answer.
 */
async function answers(
	engine: Engine,
	container: Container,
	port: number,
	signal: AbortSignal,
): Promise<void> {
	const { State, NetworkSettings } = await container.inspect();
	const [network] = Object.values(NetworkSettings.Networks);
	const isLocal =
		engine.endpoint.transport.kind === "unix" && (await isHere(State.Pid, container.id));
	if (isLocal && network?.IPAddress) {
		while (!(await accepts(network.IPAddress, port))) await pause(PORT_POLL_MS, signal);
		return;
	}
	const published = NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort;
	const { transport } = engine.endpoint;
	const host = transport.kind === "tcp" ? transport.host : "127.0.0.1";
	while (!(await replies(host, Number(published)))) await pause(PORT_POLL_MS, signal);
}

const SILENCE_MS = 1_000;

function accepts(host: string, port: number): Promise<boolean> {
	return attempt(host, port, (socket, done) => socket.once("connect", () => done(true)));
}

function replies(host: string, port: number): Promise<boolean> {
	return attempt(host, port, (socket, done) => {
		socket.once("connect", () => socket.write("GET / HTTP/1.0\r\n\r\n"));
		socket.once("data", () => done(true));
	});
}

function attempt(
	host: string,
	port: number,
	watch: (socket: Socket, done: (isThere: boolean) => void) => void,
): Promise<boolean> {
	const { promise, resolve } = Promise.withResolvers<boolean>();
	const socket = connect({ host, port, timeout: SILENCE_MS });
	for (const event of ["error", "close", "timeout"]) socket.once(event, () => resolve(false));
	watch(socket, resolve);
	return promise.finally(() => socket.destroy());
}

function tooLate(port: number | undefined): Failure {
	const seconds = LIMIT_MS / 1_000;
	return port === undefined
		? new Failure(
				ExitCode.system,
				`the container has written nothing to stdout within ${seconds} s`,
				"Name a port that it listens at (--port 80), or a command that writes something (--command).",
			)
		: new Failure(
				ExitCode.system,
				`nobody answers at port ${port} of the container within ${seconds} s`,
				"Name the port that the image listens at; `docker logs` may say more.",
			);
}
