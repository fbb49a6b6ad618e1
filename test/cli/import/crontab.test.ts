// Crontabs as services with a schedule.
import { describe, expect, test } from "vitest";
import { importCrontab, importCrontabs } from "../../../cli/src/import/cron/crontabs.ts";
import { looksLikeCrontab, parseCrontab } from "../../../cli/src/import/cron/parse.ts";
import { treeOf } from "./memory.ts";

const FILE = "/etc/cron.d/jobs";
const PASSWD = { "/etc/passwd": "app:x:1:1::/home/app:/bin/sh\n", "/home/app/x": "" };

async function jobs(...lines: string[]) {
	const { services, problems } = await importCrontab(
		treeOf({ [FILE]: `${lines.join("\n")}\n`, ...PASSWD }),
		FILE,
	);
	return { services, problems };
}

test("a job is a service of its user, in the user's home, by a shell", async () => {
	const { services, problems } = await jobs(
		"# c",
		"",
		"*/5  1-3 1,15\t* mon-FRI app  cd x && run ",
	);
	expect(problems).toEqual([]);
	expect(services).toMatchObject([
		{
			name: "cron-jobs",
			origin: "cron",
			place: { file: FILE, line: 3 },
			program: { kind: "command", words: [["/bin/sh"], ["-c"], ["cd x && run"]] },
			user: "app",
			workingDirectory: ["/home/app"],
			environment: [],
			restart: { kind: "never" },
			schedule: "*/5 1-3 1,15 * mon-FRI",
			losses: [],
		},
	]);
});

test("variables hold for the jobs below them", async () => {
	const { services } = await jobs(
		...["A = 1", "@daily root a", "A=' 2 '", '"B"="x y"', "SHELL=/bin/bash", "HOME=/srv"],
		"@hourly root b",
	);
	expect(services).toMatchObject([
		{ name: "cron-jobs-1", environment: [{ name: "A", value: ["1"] }] },
		{
			name: "cron-jobs-2",
			program: { words: [["/bin/bash"], ["-c"], ["b"]] },
			workingDirectory: ["/srv"],
			environment: [
				...[
					{ name: "A", value: [" 2 "] },
					{ name: "B", value: ["x y"] },
				],
				...[
					{ name: "SHELL", value: ["/bin/bash"] },
					{ name: "HOME", value: ["/srv"] },
				],
			],
		},
	]);
});

test("@reboot runs once at boot", async () => {
	const { services } = await jobs("@reboot root a");
	expect(services[0]).not.toHaveProperty("schedule");
	expect(services[0]?.restart).toEqual({ kind: "never" });
});

test.each<[string[], string[]]>([
	[["MAILTO=me", "@daily root a"], ["MAILTO=me"]],
	[["MAILTO=", "@daily root a"], []],
	[["CRON_TZ=Europe/Berlin", "@daily root a"], ["CRON_TZ=Europe/Berlin"]],
	[["@daily root date +\\%F"], []],
	[["@daily root cat%one%two"], ["%one"]],
])("%j loses %j", async (lines, expected) => {
	const { services } = await jobs(...lines);
	expect(services[0]?.environment).toEqual([]);
	expect(services.flatMap(({ losses }) => losses.map(({ what }) => what))).toEqual(expected);
});

test("a percent sign ends the command, unless a backslash precedes it", () => {
	const { lines } = parseCrontab("@daily a \\% b % one%two\\%", "user");
	expect(lines).toMatchObject([{ command: "a % b", stdin: " one\ntwo%" }]);
});

describe("a line is wrong", () => {
	test.each([
		["60 * * * * root x", '"60" as minute'],
		["* 24 * * * root x", '"24" as hour'],
		["* * 0 * * root x", '"0" as day of the month'],
		["* * * foo * root x", '"foo" as month'],
		["* * * * 8 root x", '"8" as day of the week'],
		["* * * jan-8x * root x", '"jan-8x" as month'],
		["*/0 * * * * root x", '"*/0" as minute'],
		["1, * * * * root x", '"1," as minute'],
		["~ * * * * root x", '"~" as minute'],
		["* * * * root", "no time and command"],
		["* * * * * root", "no command behind the user"],
		["@dayly root x", "the time @dayly"],
		["nonsense", "no time and command"],
	])("%s", async (line, what) => {
		const { services, problems } = await jobs("", line);
		expect(services).toEqual([]);
		expect(problems).toMatchObject([
			{ place: { file: FILE, line: 2 }, what: expect.stringContaining(what) },
		]);
	});
});

test("tables are found where Debian, Alpine and Fedora have them", async () => {
	const { services } = await importCrontabs(
		treeOf({
			"/etc/crontab": "@daily root a\n",
			"/etc/cron.d/two": "@daily app b\n@daily app c\n",
			"/etc/cron.d/not.this": "@daily root d\n",
			"/var/spool/cron/crontabs/app": "@daily e\n",
			"/etc/crontabs/root": "@daily f\n",
			"/var/spool/cron/other": "@daily g\n",
			"/bin/sh": "",
			"/usr/sbin/crond": "→ /bin/busybox",
			"/bin/busybox": "",
		}),
	);
	expect(services.map(({ name, user }) => [name, user])).toEqual([
		...[
			["crontab", undefined],
			["cron-two-1", "app"],
			["cron-two-2", "app"],
		],
		...[
			["cron-app", "app"],
			["cron-root", undefined],
			["cron-other", "other"],
		],
	]);
});

test("scripts of cron.daily are noted where no line runs them", async () => {
	const files = {
		"/etc/cron.daily/x": "",
		"/etc/cron.weekly/y": "",
		"/etc/cron.weekly/.placeholder": "",
	};
	const { notes } = await importCrontabs(
		treeOf({ ...files, "/etc/crontab": "@daily root run-parts /etc/cron.daily\n" }),
	);
	expect(notes).toEqual([expect.stringContaining("/etc/cron.weekly/y: stays as it is")]);
});

test.each([
	["@daily x\n", true],
	["# c\nA=b\n0 1 * * * x\n", true],
	["A=b\n", false],
	["[program:x]\ncommand=x\n", false],
	["", false],
	["one two three four five six\n", false],
])("looksLikeCrontab(%j) is %s", (text, expected) => {
	expect(looksLikeCrontab(text)).toBe(expected);
});
