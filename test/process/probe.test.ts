// initctl probe, beside our init and beside a PID 1 that never waits; its output is read by the code that doctor reads it with.
import { expect, test } from "vitest";
import { readBlocks } from "../../cli/src/probe/blocks.ts";
import { readOrphan, readSnapshots, readTables } from "../../cli/src/probe/snapshot.ts";
import { Image } from "./support/image.ts";
import { runScript } from "./support/namespace.ts";
import { describeInit } from "./support/suite.ts";

describeInit("initctl probe", (binary) => {
	/** Its output, in a namespace whose PID 1 is the script's. */
	async function probed(script: string) {
		const { code, stdout, stderr } = await runScript(binary, script);
		return { code, stderr, blocks: readBlocks(stdout) };
	}
	const probe = '"$MY_INIT" as initctl probe';
	const underOurs = (script: string) => `exec "$MY_INIT" -- sh -c '${script}; :'`;

	test("sees PID 1, what it catches, and who writes which file", async () => {
		const script = `exec 3> /tmp/probe-written-$$; trap : USR1; ${probe} look; rm /tmp/probe-written-$$`;
		const { blocks, stderr } = await probed(script);
		const [seen] = readSnapshots(blocks);
		expect(seen?.pid1, stderr).toMatchObject({ pid: 1, name: "sh" });
		expect(seen?.pid1?.signals?.caught).toContain("SIGUSR1");
		expect(seen?.pid1?.signals?.caught).not.toContain("SIGUSR2");
		expect(seen?.pid1?.written).toEqual([expect.stringMatching(/^\/tmp\/probe-written-/)]);
		expect(seen?.processes.map(({ pid }) => pid)).toEqual([1]);
		expect(seen?.waitsForSignals).toBe(false);
	});

	test("sees that our init waits for signals, and reaps the orphan", async () => {
		// Where everything is busy, its script may run before it has come to wait.
		const waits = "until grep -q sigtimedwait /proc/1/wchan; do :; done";
		const { blocks, stderr } = await probed(underOurs(`${waits}; ${probe} look orphan`));
		expect(readSnapshots(blocks)[0]?.waitsForSignals, stderr).toBe(true);
		expect(readOrphan(blocks)).toMatchObject({ adopter: 1, reaped: true });
	});

	test("sees a PID 1 that leaves the orphan", async () => {
		// A shell waits for orphans: what it has become does not.
		const { blocks, stderr } = await probed(`(${probe} orphan) & exec sleep 8`);
		expect(readOrphan(blocks), stderr).toMatchObject({ adopter: 1, reaped: false });
	});

	test("shows the table at each change until TERM", async () => {
		const script = `${probe} watch & watch=$!; sleep 1 & sleep 1.5; kill $watch; wait $watch; echo "code $?" >&2`;
		const { blocks, stderr } = await probed(script);
		const pids = readTables(blocks).map(({ entries }) => entries.length);
		expect(pids.length).toBeGreaterThan(1);
		expect(Math.max(...pids)).toBeGreaterThan(1);
		expect(stderr).toContain("code 0");
	});

	test("never unlinks another file than a probe's", async () => {
		using image = new Image(binary, { "kept/": "" });
		const exec = `cp "$MY_INIT" /etc/kept/my_init; /etc/kept/my_init as initctl probe remove look; echo "code $?"; ls /etc/kept`;
		const { stdout, stderr } = await image.run([], { exec });
		expect(stdout).toBe("code 111\nmy_init\n");
		expect(stderr).toContain("probe: remove: not permitted (EPERM)");
	});

	test("says which steps there are", async () => {
		const { code, stderr } = await probed(`${probe} look jump`);
		expect(code).toBe(2);
		expect(stderr).toContain("usage: initctl probe STEP..., of remove, look");
	});

	test("sees nobody without /proc", async () => {
		const script = `mount -t tmpfs none /proc; ${probe} look orphan`;
		const { code, stderr, blocks } = await probed(script);
		expect({ code, stderr }).toEqual({
			code: 111,
			stderr: expect.stringContaining("probe: orphan: "),
		});
		expect(readSnapshots(blocks)).toMatchObject([{ processes: [], pid1: undefined }]);
		expect(readOrphan(blocks)).toBeUndefined();
	});

	test("ends when nobody reads", async () => {
		const { stderr } = await probed(`(${probe} look pause look; echo "code $?" >&2) | true`);
		expect(stderr).toMatch(/code (0|111)\n$/);
	});
});
