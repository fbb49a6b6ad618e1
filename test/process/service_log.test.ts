// initctl log between real pipes, with files on a disk that can be full.
import { expect, test } from "vitest";
import { type Ended, runScript, startScript } from "./support/namespace.ts";
import { isInPoll, statusOf } from "./support/proc.ts";
import { describeInit, describeShipped } from "./support/suite.ts";
import { until } from "./support/until.ts";

const HERE = '"$MY_INIT" as initctl log';
const MIB = 1_048_576;
const DISK = (size: string): string => `mount -t tmpfs -o size=${size} none /mnt || exit 99\n`;
/** Lines of 100 bytes, numbered. */
const numbered = (count: number): string => `seq -f '%099.0f' ${count}`;

describeInit("initctl log", (binary) => {
	const run = async (script: string): Promise<Ended> =>
		await runScript(binary, script, { namespaces: ["--mount"] });

	test("says whose each line is", async () => {
		const { code, stdout } = await run(`printf 'one\\n\\ntwo\\r\\nlast' | ${HERE} web prefix`);
		expect({ code, stdout }).toEqual({
			code: 0,
			stdout: "web | one\nweb | \nweb | two\r\nweb | last\n",
		});
	});

	test("json is JSON whatever the bytes are", async () => {
		const bytes =
			'\\303\\251 \\342\\202\\254 \\360\\237\\230\\200 \\377 \\342\\202 \\355\\240\\200 \\300\\200 "\\\\ \\t\\001\\177\\000';
		const before = Date.now();
		const { stdout } = await run(`printf '${bytes}\\nx\\n' | ${HERE} 'w"e' json`);
		const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(stdout, "latin1"));
		const [first, second] = text
			.split("\n")
			.slice(0, -1)
			.map((line): Record<string, string> => JSON.parse(line));
		expect(first).toMatchObject({
			service: 'w"e',
			line: 'é € 😀 \ufffd \ufffd\ufffd \ufffd\ufffd\ufffd \ufffd\ufffd "\\ \t\u0001\u007f\u0000',
		});
		expect(second?.["line"]).toBe("x");
		const ms = Date.parse(first?.["time"] ?? "");
		expect(new Date(ms).toISOString()).toBe(first?.["time"]);
		expect(ms).toBeGreaterThanOrEqual(before - 1);
		expect(ms).toBeLessThanOrEqual(Date.now());
	});

	test("a line that is not ended is written after a while, and what comes then belongs to it", async () => {
		await using log = startScript(
			binary,
			`{ printf 'Password: '; read -r word; echo; echo next; printf half; read -r word; echo ' done'; } | ${HERE} web prefix`,
		);
		// The read of the group takes what the test types: the pipe is on its stdout alone.
		await log.stdout.line("web | Password: ");
		log.type("\n");
		await log.stdout.line("web | half");
		log.type("\n");
		await log.stdout.line("web +  done");
		expect(log.stdout.lines).toEqual([
			"web | Password: ",
			"web | next",
			"web | half",
			"web +  done",
		]);
	});

	test("a line of 1 MiB is one line, a longer one goes on in another, and no character is cut", async () => {
		const long = (count: number, unit: string): string =>
			`head -c ${count} /dev/zero | sed 's/\\x00/${unit}/g'`;
		const { stdout } = await run(
			`{ ${long(MIB - 1, "x")}; echo; ${long(MIB + 5, "y")}; echo; ${long(700_000, "\\xc3\\xa9")}; echo; echo end; } | ${HERE} web prefix`,
		);
		const lines = stdout.split("\n");
		expect(lines.map((line) => `${line.slice(0, 7)} ${line.length}`)).toEqual([
			`web | x ${MIB - 1 + 6}`,
			`web | y ${MIB + 6}`,
			"web + y 11",
			`web | \xc3 ${MIB + 6}`,
			`web + \xc3 ${1_400_000 - MIB + 6}`,
			"web | e 9",
			" 0",
		]);
		expect(lines[3]?.endsWith("\xc3\xa9")).toBe(true);
		const json = await run(`{ ${long(700_000, "x\\xc3\\xa9")}; echo; } | ${HERE} web json`);
		const parts = json.stdout
			.split("\n")
			.slice(0, -1)
			.map((line): Record<string, unknown> => JSON.parse(line));
		expect(parts.map(({ partial }) => partial)).toEqual([true, true, undefined]);
		expect(json.stdout).not.toContain("\xef\xbf\xbd");
	});

	test("several on one pipe never write into each other's lines", async () => {
		const source = (unit: string, length: number): string =>
			`{ line=$(head -c ${length} /dev/zero | tr '\\0' ${unit}); for i in $(seq 200); do echo "$line"; done; } | ${HERE} ${unit} prefix &`;
		const { stdout } = await run(
			`{ ${source("a", 20_000)} ${source("b", 100)} ${source("c", 9_000)} wait; } | { sleep 0.5; cat; }`,
		);
		const lines = stdout.split("\n").slice(0, -1);
		expect(lines.length).toBe(600);
		for (const [unit, length] of [
			["a", 20_000],
			["b", 100],
			["c", 9_000],
		] as const)
			expect(lines.filter((line) => line === `${unit} | ${unit.repeat(length)}`).length).toBe(200);
	});

	test("TERM and INT do not end it: the last words of its service come", async () => {
		await using log = startScript(
			binary,
			`${DISK("1m")} mkfifo /mnt/pipe; ${HERE} web prefix </mnt/pipe & exec 3>/mnt/pipe; echo first >&3; read -r word
			kill -TERM $!; kill -INT $!; kill -QUIT $!; echo last >&3; exec 3>&-; wait $!; echo "code $?"`,
			{ namespaces: ["--mount"] },
		);
		await log.stdout.line("web | first");
		log.type("\n");
		await log.stdout.line("code 0");
		expect(log.stdout.lines).toEqual(["web | first", "web | last", "code 0"]);
	});

	test("keeps the service waiting while nobody reads, and loses nothing", async () => {
		await using log = startScript(
			binary,
			`{ ${numbered(20_000)}; echo written >&2; } | ${HERE} web prefix; echo "code $?" >&2`,
		);
		log.stdout.pause();
		await until("the pipe is full", async () =>
			(await log.processes()).some(({ pid }) => statusOf(pid).get("Name") === "seq"),
		);
		expect(log.stderr.text).toBe("");
		log.stdout.resume();
		await log.stderr.line("code 0");
		await until("all lines", () => log.stdout.lines.length === 20_000);
		expect(
			log.stdout.lines.every((line, i) => line === `web | ${String(i + 1).padStart(99, "0")}`),
		).toBe(true);
	});

	test("lives on without a reader, says so once, and its service too", async () => {
		const { stdout, stderr } = await run(
			`{ { sleep 0.2; ${numbered(5_000)}; echo "seq $?" >&2; } | { ${HERE} web prefix; echo "code $?" >&2; }; } | true`,
		);
		expect({ stdout, stderr }).toEqual({
			stdout: "",
			stderr:
				"*** error: log of web: nobody reads from it any more (EPIPE); what it says is lost from now on\nseq 0\ncode 111\n",
		});
	});

	test("a file is begun anew when it would become too large, and nothing is lost", async () => {
		const { stdout, stderr } = await run(
			`${DISK("8m")} ${numbered(10_000)} | ${HERE} web none --file /mnt/log --max-size 50000 --max-files 30
			ls /mnt | wc -l; find /mnt -size +50000c; cat $(ls -v -r /mnt/log.* | xargs) /mnt/log | md5sum; ${numbered(10_000)} | md5sum`,
		);
		expect(stderr).toBe("");
		const [files, first, second] = stdout.split("\n");
		expect(files?.trim()).toBe("20");
		expect(first).toBe(second);
	});

	test("keeps as many files as it is told, none too", async () => {
		const kept = async (count: number): Promise<string> =>
			(
				await run(
					`${DISK("8m")} ${numbered(1_000)} | ${HERE} web json --file /mnt/log --max-size 20000 --max-files ${count}; cd /mnt; ls | xargs`,
				)
			).stdout;
		expect(await kept(2)).toBe("log log.1 log.2\n");
		expect(await kept(0)).toBe("log\n");
	});

	test("several with one file begin it anew one at a time, and nothing is lost", async () => {
		const { stdout, stderr } = await run(
			`${DISK("8m")} for one in 1 2 3 4 5 6 7 8; do
				for i in $(seq 500); do printf '%099d\\n' $i; done | ${HERE} $one prefix --file /mnt/log --max-size 50000 --max-files 8 &
			done; wait
			find /mnt -size +50000c; cat /mnt/log* | sort | md5sum
			for one in 1 2 3 4 5 6 7 8; do ${numbered(500)} | sed "s/^/$one | /"; done | sort | md5sum`,
		);
		expect(stderr).toBe("");
		// All have room in nine files that are full.
		const [first, second, ...more] = stdout.split("\n");
		expect(more).toEqual([""]);
		expect(first).toBe(second);
	});

	test("follows a file that another logger has begun anew, more often than files are kept", async () => {
		await using log = startScript(
			binary,
			`${DISK("1m")} mkfifo /mnt/pipe; ${HERE} a prefix --file /mnt/log --max-size 5000 --max-files 1 </mnt/pipe & exec 3>/mnt/pipe
			echo first >&3; while ! grep -q first /mnt/log; do sleep 0.02; done 2>/dev/null
			${numbered(200)} | ${HERE} b prefix --file /mnt/log --max-size 5000 --max-files 1
			echo last >&3; exec 3>&-; wait $!; tail -n 1 /mnt/log; find /mnt -name 'log*' | sort`,
			{ namespaces: ["--mount"] },
		);
		expect((await log.end()).stdout).toBe("a | last\n/mnt/log\n/mnt/log.1\n");
	});

	test("HUP opens the file once more", async () => {
		await using log = startScript(
			binary,
			`${DISK("1m")} mkfifo /mnt/pipe; ${HERE} web prefix --file /mnt/log </mnt/pipe & exec 3>/mnt/pipe
			echo first >&3; while ! grep -q first /mnt/log; do sleep 0.02; done 2>/dev/null
			mv /mnt/log /mnt/old; echo second >&3; while ! grep -q second /mnt/old; do sleep 0.02; done
			kill -HUP $!; while ! [ -e /mnt/log ]; do sleep 0.02; done; echo third >&3; exec 3>&-; wait $!
			cat /mnt/old; echo --; cat /mnt/log`,
			{ namespaces: ["--mount"] },
		);
		expect((await log.end()).stdout).toBe("web | first\nweb | second\n--\nweb | third\n");
	});

	test("goes on while the disk is full, and counts what is lost", async () => {
		await using log = startScript(
			binary,
			`${DISK("200k")} mkfifo /mnt/pipe; head -c 102400 /dev/zero >/mnt/ballast
			${HERE} web prefix --file /mnt/log </mnt/pipe & exec 3>/mnt/pipe
			${numbered(3_000)} >&3; echo written >&2; read -r word; rm /mnt/ballast; echo after >&3; exec 3>&-; wait $!; echo "code $?" >&2; cat /mnt/log`,
			{ namespaces: ["--mount"] },
		);
		await log.stderr.line("written");
		await log.stderr.contains("no space is left on the disk (ENOSPC)");
		log.type("\n");
		const { stdout, stderr } = await log.end();
		const lines = stdout.split("\n").slice(0, -1);
		const [, lost] = /: (\d+) lines were lost\n/.exec(stderr) ?? [];
		expect(stderr.match(/ENOSPC/g)?.length).toBe(1);
		// Each line is there, or counted; and none is there in part.
		expect(lines.length + Number(lost)).toBe(3_001);
		expect(lines.at(-1)).toBe("web | after");
		for (const line of lines.slice(0, -1)) expect(line).toMatch(/^web \| \d{99}$/);
	});

	test("a file that cannot be opened is said once, and opened later", async () => {
		await using log = startScript(
			binary,
			`${DISK("1m")} mkfifo /mnt/pipe; ${HERE} web none --file /mnt/a/log </mnt/pipe & exec 3>/mnt/pipe
			echo one >&3; echo two >&3; read -r word; mkdir /mnt/a; kill -HUP $!; while ! [ -e /mnt/a/log ]; do sleep 0.02; done
			echo three >&3; exec 3>&-; wait $!; cat /mnt/a/log`,
			{ namespaces: ["--mount"] },
		);
		await log.stderr.contains("no such file (ENOENT)");
		log.type("\n");
		const { stdout, stderr } = await log.end();
		expect(stdout).toBe("three\n");
		expect(stderr).toBe(
			'*** error: log of web: "/mnt/a/log": no such file (ENOENT); lines are lost until that has passed\n*** warning: log of web: "/mnt/a/log": 2 lines were lost\n',
		);
	});

	test("a file that cannot be renamed grows on", async () => {
		const { stdout, stderr } = await run(
			`${DISK("1m")} mkdir -p /mnt/log.1/x; ${numbered(1_000)} | ${HERE} web none --file /mnt/log --max-size 20000 --max-files 1; wc -l </mnt/log`,
		);
		expect(stdout.trim()).toBe("1000");
		expect(stderr).toMatch(/^\*\*\* error: log of web: "\/mnt\/log": it cannot be renamed: .*\n$/);
	});

	test("ends at once without a stdin", async () => {
		const { code, stdout } = await run(`${HERE} web json <&-; echo "code $?"`);
		expect({ code, stdout }).toEqual({ code: 0, stdout: "code 0\n" });
	});

	test("refuses what it does not understand", async () => {
		const { code, stderr } = await run(`${HERE} web xml </dev/null`);
		expect({ code, stderr }).toEqual({
			code: 2,
			stderr: expect.stringContaining("FORMAT is prefix, json, none"),
		});
	});
});

describeShipped("initctl log", (binary) => {
	test.each(["prefix", "json"])(
		"%s takes 600 KB at most, after 10 MB and a line of 1 MiB",
		async (format) => {
			await using log = startScript(
				binary,
				`{ head -c 1048000 /dev/zero; echo; ${numbered(100_000)}; echo written >&2; exec sleep 100; } | ${HERE} web ${format} >/dev/null`,
			);
			await log.stderr.line("written");
			const pid = await log.pidOf(binary.path, "as", "initctl", "log", "web", format);
			await until("all is read", () => isInPoll(pid));
			expect(Number.parseInt(statusOf(pid).get("VmRSS") ?? "", 10)).toBeLessThanOrEqual(600);
		},
	);
});
