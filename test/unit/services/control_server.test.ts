// The bounds of the control socket: who may ask, how many at once, how much, and how long.
import { expect, test } from "vitest";
import type { Request } from "../../../init/src/control/protocol.ts";
import type { Kernel } from "../../../init/src/kernel/kernel.ts";
import { openLog } from "../../../init/src/log/log.ts";
import { type Answer, ControlServer } from "../../../init/src/services/control_server.ts";
import { EAGAIN } from "../../simulation/errno.ts";
import { overridden } from "../../simulation/overridden.ts";
import { World } from "../../simulation/world.ts";

const LISTENER = 3;
const FIRST = 10;
const US = 1_000;
const STATUS = '{"verb":"status","names":[]}';
const TOO_LONG = '{"refused":"a request has at most 4096 bytes"}\n';
const NEVER = Number.POSITIVE_INFINITY;

/** A server, and clients who come, send and take as a test says. */
class Counter {
	readonly server: ControlServer;
	/** Users that have connected and are not accepted yet. */
	callers: number[] = [];
	/** What they have sent, and what they take; −1: all. */
	readonly sent = new Map<number, string>();
	takes = -1;
	readonly got = new Map<number, string>();
	readonly closed: number[] = [];
	readonly asked: Request[] = [];
	answer: Answer = () => ({ text: "answer\n", isEnd: true });
	#next = FIRST;

	constructor() {
		const { kernel: rest } = new World();
		const kernel: Kernel = overridden(rest, {
			listenStream: () => LISTENER,
			userId: () => US,
			acceptStream: () => (this.callers.length === 0 ? -EAGAIN : this.#next++),
			peerUser: () => this.callers.shift() ?? -EAGAIN,
			read: (from) => this.#read(from),
			send: (to, text) => this.#send(to, text),
			close: (descriptor) => this.closed.push(descriptor),
		});
		this.server = new ControlServer(kernel, openLog(kernel, undefined), "/run", (request) => {
			this.asked.push(request);
			return this.answer;
		});
		this.server.listen();
	}

	#read(from: number): string | number {
		const text = this.sent.get(from);
		this.sent.delete(from);
		return text ?? -EAGAIN;
	}

	#send(to: number, text: string): number {
		const taken = this.takes < 0 ? text : text.slice(0, this.takes);
		if (taken === "") return -EAGAIN;
		this.got.set(to, (this.got.get(to) ?? "") + taken);
		return taken.length;
	}

	/** PID 1 wakes up, and looks at all that it listens to. */
	wake(nowMs: number): void {
		this.server.readable(this.server.descriptors(), nowMs);
		this.server.step(nowMs);
	}

	/** Somebody connects and sends this; undefined: nothing. */
	call(text: string | undefined, nowMs: number, user = US): void {
		this.callers.push(user);
		this.server.readable([LISTENER], nowMs);
		if (text !== undefined) this.sent.set(FIRST, text);
		this.wake(nowMs);
	}
}

test.each([
	["root", 0, true],
	["our own user", US, true],
	["another user", US + 1, false],
	["nobody", 65_534, false],
	["who cannot be told", -EAGAIN, false],
])("%s, user %i, is heard: %s", (_, user, isHeard) => {
	const counter = new Counter();
	counter.call(`${STATUS}\n`, 0, user);
	expect(counter.asked.length).toBe(isHeard ? 1 : 0);
	expect(counter.closed).toEqual([FIRST]);
	expect(counter.got.size).toBe(isHeard ? 1 : 0);
});

test("has room for 64: the next one waits until one of them has gone", () => {
	const counter = new Counter();
	counter.callers = Array.from({ length: 65 }, () => 0);
	counter.wake(0);
	expect(counter.callers).toHaveLength(1);
	expect(counter.server.descriptors()).toEqual(Array.from({ length: 64 }, (_, at) => FIRST + at));
	counter.sent.set(FIRST + 5, "");
	counter.wake(1);
	expect(counter.closed).toEqual([FIRST + 5]);
	counter.wake(2);
	expect(counter.callers).toEqual([]);
	expect(counter.server.descriptors()).toContain(FIRST + 64);
});

test.each([
	["4,096 bytes with its newline", true, `${STATUS.padEnd(4_095)}\n`],
	["4,097 bytes with its newline", false, `${STATUS.padEnd(4_096)}\n`],
	["4,096 bytes without a newline", false, "x".repeat(4_096)],
])("a request of %s is heard: %s", (_, isHeard, text) => {
	const counter = new Counter();
	counter.call(text, 0);
	expect(counter.asked.length).toBe(isHeard ? 1 : 0);
	expect(counter.got.get(FIRST)).toBe(isHeard ? "answer\n" : TOO_LONG);
});

test("a request that comes in parts is put together, up to the bound", () => {
	const counter = new Counter();
	counter.call(STATUS.padEnd(4_000), 0);
	counter.sent.set(FIRST, `${" ".repeat(95)}\n`);
	counter.wake(1);
	expect(counter.asked).toEqual([{ verb: "status", names: [] }]);
	const other = new Counter();
	other.call(STATUS.padEnd(4_000), 0);
	other.sent.set(FIRST, " ".repeat(96));
	other.wake(1);
	expect(other.got.get(FIRST)).toBe(TOO_LONG);
});

test.each([
	["says nothing", undefined],
	["does not end its request", STATUS],
])("who %s is hung up on after 5 s", (_, text) => {
	const counter = new Counter();
	counter.call(text, 100);
	expect(counter.server.deadlineMs(100)).toBe(5_100);
	counter.wake(5_099);
	expect(counter.closed).toEqual([]);
	counter.wake(5_100);
	expect(counter.closed).toEqual([FIRST]);
	expect(counter.server.deadlineMs(5_100)).toBe(NEVER);
});

test("who follows may be silent for ever, and is hung up on 5 s after it has taken the last byte", () => {
	const counter = new Counter();
	let news = "";
	counter.answer = () => {
		const text = news;
		news = "";
		return { text, isEnd: false };
	};
	counter.call(`${STATUS}\n`, 0);
	counter.wake(1_000_000);
	expect(counter.closed).toEqual([]);
	expect(counter.server.deadlineMs(1_000_000)).toBe(NEVER);
	news = "news\n";
	counter.takes = 0;
	counter.wake(1_000_100);
	counter.wake(1_005_000);
	counter.takes = 1;
	counter.wake(1_005_050);
	expect(counter.got.get(FIRST)).toBe("news\n");
	news = "more\n";
	counter.takes = 0;
	counter.wake(1_006_000);
	counter.wake(1_010_999);
	expect(counter.closed).toEqual([]);
	counter.wake(1_011_000);
	expect(counter.closed).toEqual([FIRST]);
});

test("4 MiB may wait for a reader, and not a byte more", () => {
	const most = 4_194_304;
	for (const [bytes, closed] of [
		[most, []],
		[most + 1, [FIRST]],
	] as const) {
		const counter = new Counter();
		counter.takes = 0;
		counter.answer = () => ({ text: "x".repeat(bytes), isEnd: true });
		counter.call(`${STATUS}\n`, 0);
		expect(counter.closed).toEqual(closed);
	}
});
