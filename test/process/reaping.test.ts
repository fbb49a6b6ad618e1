// Orphans are adopted and waited for at once, however many there are.
import { expect, test } from "vitest";
import { type Namespace, startInit } from "./support/namespace.ts";
import { anonymousKb, type ProcessSeen, residentKb } from "./support/proc.ts";
import { describeInit, describeShipped, isLong } from "./support/suite.ts";
import { until } from "./support/until.ts";

/**
 * The pages that a first use of something may touch. Code that is used for the first time is a page of a file, and not counted:
 * it is mapped with as much around it as the kernel likes, in whichever burst that happens.
 */
const GROWTH_KB = 16;
/** In all, with those pages of its file: as much as PID 1 may have at rest. */
const RESIDENT_KB = 600;

describeInit("reaping", (binary) => {
	test.each([1, 1_000, 10_000])("%d orphans that end at once leave no zombie", async (count) => {
		await using namespace = startInit(binary, ["orphans", String(count)]);
		await namespace.stdout.line("adopted");
		// The main child, and each orphan as a child of PID 1: that many distinct ones there were.
		expect(await adoptedBy(namespace)).toHaveLength(count + 1);

		namespace.type("\n");
		await namespace.stdout.line("released");
		await until("the main child alone is left", async () => {
			return (await adoptedBy(namespace)).length === 1;
		});
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 143, stderr: "" });
	});

	test("an orphan that ends while the main child runs is gone at once", async () => {
		await using namespace = startInit(binary, [
			...["sh", "-c", "(sh -c 'echo $$; read -r line' <&3 &) 3<&0; exec listener main"],
		]);
		await namespace.stdout.line("main ready");
		await until("the orphan is adopted", async () => (await adoptedBy(namespace)).length === 2);
		namespace.type("\n");
		await until("it is gone", async () => (await adoptedBy(namespace)).length === 1);
	});

	test("children of a killed parent are adopted and waited for", async () => {
		await using namespace = startInit(binary, [
			...["sh", "-c", "sh -c 'listener orphan 10:0 & echo parent; wait' & exec listener main"],
		]);
		await namespace.stdout.line("orphan ready");
		const orphan = await namespace.pidOf("listener", "orphan", "10:0");
		const parent = (await namespace.processes()).find((seen) => seen.pid === orphan)?.parent ?? 0;
		process.kill(parent, "SIGKILL");
		await until("the orphan is adopted", async () =>
			(await adoptedBy(namespace)).some((seen) => seen.pid === orphan),
		);
		process.kill(orphan, "SIGUSR1");
		await until("it is gone", async () =>
			(await namespace.processes()).every((seen) => seen.pid !== orphan),
		);
	});
});

describeShipped("reaping in constant memory", (binary) => {
	test("10 bursts of 1,000 orphans cost PID 1 no memory", async () => {
		await expectConstantMemory(1_000, 10);
	});

	test.skipIf(!isLong)(
		"100,000 orphans cost PID 1 no memory (LONG=1)",
		async () => {
			await expectConstantMemory(10_000, 10);
		},
		300_000,
	);

	/** Lets bursts of orphans end, and compares the memory after the first with that after the last. */
	async function expectConstantMemory(count: number, bursts: number): Promise<void> {
		await using namespace = startInit(binary, ["orphans", String(count), String(bursts + 1)]);
		const pid = await namespace.initPid();
		let beforeKb = 0;
		for (let burst = 0; burst <= bursts; burst++) {
			await until("a burst is adopted", () => timesOf(namespace, "adopted") > burst);
			namespace.type("\n");
			await until("a burst is released", () => timesOf(namespace, "released") > burst);
			if (burst === 0) {
				await until("no zombie is left", async () => (await zombiesIn(namespace)).length === 0);
				beforeKb = anonymousKb(pid);
			}
		}
		await until("no zombie is left", async () => (await zombiesIn(namespace)).length === 0);
		expect(anonymousKb(pid)).toBeLessThanOrEqual(beforeKb + GROWTH_KB);
		expect(residentKb(pid)).toBeLessThanOrEqual(RESIDENT_KB);
	}
});

async function adoptedBy(namespace: Namespace): Promise<ProcessSeen[]> {
	const init = await namespace.initPid();
	return (await namespace.processes()).filter((seen) => seen.parent === init);
}

async function zombiesIn(namespace: Namespace): Promise<ProcessSeen[]> {
	return (await namespace.processes()).filter((seen) => seen.state === "Z");
}

function timesOf(namespace: Namespace, line: string): number {
	return namespace.stdout.lines.filter((seen) => seen === line).length;
}
