import { describe, expect, test } from "vitest";
import { endSignal, exitCode, isStopped, stopSignal } from "../../../init/src/kernel/status.ts";

describe("a wait status", () => {
	test("of each exit code", () => {
		for (let code = 0; code < 256; code++) {
			const status = code << 8;
			expect([isStopped(status), endSignal(status), exitCode(status)]).toEqual([false, 0, code]);
		}
	});

	test("of each signal that ends, with and without a core dump", () => {
		for (let signal = 1; signal <= 64; signal++) {
			for (const status of [signal, signal | 0x80]) {
				expect(isStopped(status)).toBe(false);
				expect(endSignal(status)).toBe(signal);
				expect(exitCode(status)).toBe(128 + signal);
			}
		}
	});

	test("of each signal that stops", () => {
		for (const signal of [19, 20, 21, 22]) {
			const status = (signal << 8) | 0x7f;
			expect([isStopped(status), stopSignal(status)]).toEqual([true, signal]);
		}
	});
});
