import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ExitCode } from "../../cli/src/exit-codes.ts";
import { abandonOn, pause, until, within } from "../../cli/src/waiting.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const reason = new Error("interrupted");
const what = () => "the thing";

test("until() asks again until there is a value", async () => {
	const probe = vi.fn().mockResolvedValueOnce(undefined).mockResolvedValueOnce(undefined);
	probe.mockResolvedValue("there");
	const { signal } = new AbortController();
	const found = until(probe, { everyMs: 200, limitMs: 1000, signal, describe: what });
	await vi.advanceTimersByTimeAsync(400);
	expect(await found).toBe("there");
	expect(probe).toHaveBeenCalledTimes(3);
});

test("until() gives up at its limit and says what it waited for", async () => {
	const { signal } = new AbortController();
	const wait = { everyMs: 200, limitMs: 1000, signal, describe: what };
	const given = expect(until(async () => undefined, wait)).rejects.toMatchObject({
		exitCode: ExitCode.system,
		message: "waited 1 s for the thing",
	});
	await vi.advanceTimersByTimeAsync(1200);
	await given;
	expect(vi.getTimerCount()).toBe(0);
});

test("until() ends with the signal's reason when it is interrupted", async () => {
	const controller = new AbortController();
	const wait = { everyMs: 200, limitMs: 1000, signal: controller.signal, describe: what };
	const given = expect(until(async () => undefined, wait)).rejects.toBe(reason);
	await vi.advanceTimersByTimeAsync(100);
	controller.abort(reason);
	await given;
	expect(vi.getTimerCount()).toBe(0);
});

test("pause() does not begin after an interruption", async () => {
	await expect(pause(1000, AbortSignal.abort(reason))).rejects.toBe(reason);
	expect(vi.getTimerCount()).toBe(0);
});

test("abandonOn() gives the outcome of work that ends first", async () => {
	const { signal } = new AbortController();
	await expect(abandonOn(signal, Promise.resolve(7))).resolves.toBe(7);
	await expect(abandonOn(signal, Promise.reject(new Error("own")))).rejects.toThrow("own");
});

test("abandonOn() swallows the failure of work that was abandoned", async () => {
	const controller = new AbortController();
	const work = Promise.withResolvers<void>();
	const given = expect(abandonOn(controller.signal, work.promise)).rejects.toBe(reason);
	controller.abort(reason);
	await given;
	// Vitest fails the run for an unhandled rejection.
	work.reject(new Error("late"));
	await vi.advanceTimersByTimeAsync(1);
});

test("within() gives the outcome of work in time, and leaves no timer behind", async () => {
	const { signal } = new AbortController();
	expect(await within(1000, Promise.resolve(7), signal)).toBe(7);
	expect(vi.getTimerCount()).toBe(0);
});

test("within() gives undefined when the time is over, and the signal's reason at once", async () => {
	const controller = new AbortController();
	const never = new Promise<number>(() => undefined);
	const late = expect(within(1000, never, controller.signal)).resolves.toBeUndefined();
	await vi.advanceTimersByTimeAsync(1000);
	await late;
	const given = expect(within(1000, never, controller.signal)).rejects.toBe(reason);
	controller.abort(reason);
	await given;
	expect(vi.getTimerCount()).toBe(0);
});
