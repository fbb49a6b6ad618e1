// Folders of s6-overlay, s6-rc and runit as services.
import { describe, expect, test } from "vitest";
import { importRunit } from "../../../cli/src/import/runit/runit.ts";
import { importLegacyS6 } from "../../../cli/src/import/s6/legacy.ts";
import { importS6Rc } from "../../../cli/src/import/s6/rc.ts";
import { type Texts, treeOf } from "./memory.ts";

const RUN = "#!/bin/sh\nexec prog\n";

describe("services.d", () => {
	const read = async (files: Texts) => {
		const below = Object.entries(files).map(([name, text]) => [`/etc/services.d/x/${name}`, text]);
		const { services, problems } = await importLegacyS6(treeOf(Object.fromEntries(below)));
		return { service: services[0], problems };
	};

	test("a run alone is started again for ever", async () => {
		const { service, problems } = await read({ run: RUN });
		expect(problems).toEqual([]);
		expect(service).toMatchObject({
			name: "x",
			origin: "s6",
			place: { file: "/etc/services.d/x/run" },
			stage: "service",
			program: { kind: "file", content: Buffer.from(RUN) },
			companions: [],
			restart: { kind: "always" },
			enabled: true,
			stopSignal: "TERM",
			dependencies: [],
			losses: [],
		});
		expect(service).not.toHaveProperty("workingDirectory");
	});

	test.each([
		[{ down: "" }, { enabled: false }],
		[{ "notification-fd": "3\n" }, { readiness: { notificationFd: 3 } }],
		[{ "down-signal": "SIGQUIT\n" }, { stopSignal: "QUIT" }],
		[{ "down-signal": "2" }, { stopSignal: "INT" }],
		[{ "timeout-kill": "5000\n" }, { stopGraceMs: 5_000 }],
		[
			{ finish: "#!/bin/sh\nexit 0\n" },
			{ losses: [{ what: "finish", why: expect.stringContaining("nothing runs it") }] },
		],
		[
			{ finish: "s6-svscanctl -t /var/run/s6/services\n" },
			{
				losses: [{ what: "finish", why: expect.stringContaining("critical") }],
				critical: true,
				restart: { kind: "never" },
			},
		],
		[
			{ "notification-fd": "4", "timeout-up": "3000" },
			{ readiness: { notificationFd: 4, timeoutMs: 3_000 } },
		],
		[{ "notification-fd": "4", "timeout-up": "0" }, { readiness: { notificationFd: 4 } }],
		[{ "log/run": RUN }, { losses: [{ what: "log/run" }] }],
		[{ "max-death-tally": "5" }, { losses: [{ what: "max-death-tally" }] }],
	])("%j is understood", async (files, expected) => {
		const { service, problems } = await read({ run: RUN, ...files });
		expect(problems).toEqual([]);
		expect(service).toMatchObject(expected);
	});

	describe("s6-notifyoncheck", () => {
		const run = (options: string) => `#!/bin/sh\nexec s6-notifyoncheck ${options} prog\n`;
		const files = { "notification-fd": "3", "data/check": "#!/bin/sh\n" };

		test("has the program asked that it would run", async () => {
			const { service } = await read({ run: run("-d"), ...files });
			expect(service).toMatchObject({
				readiness: { notificationFd: 3, check: "/etc/services.d/x/data/check" },
				losses: [],
			});
		});

		test.each([
			["another program", { run: run("-c 'prog check'"), ...files }],
			["a program that is not there", { run: run("-d"), "notification-fd": "3" }],
		])("with %s is lost", async (_name, source) => {
			const { service } = await read(source);
			expect(service?.readiness).toEqual({ notificationFd: 3 });
			expect(service?.losses).toMatchObject([{ what: "s6-notifyoncheck" }]);
		});
	});

	test("timeout-kill of 0 is no limit", async () => {
		const { service } = await read({ run: RUN, "timeout-kill": "0" });
		expect(service).not.toHaveProperty("stopGraceMs");
	});

	test("the service's own files go with it, those of the supervisor do not", async () => {
		const { service } = await read({
			run: RUN,
			"data/conf": "1",
			env: "→ /etc/elsewhere",
			"supervise/status": "x",
			"event/x": "x",
			finish: "f",
		});
		expect(service?.companions).toEqual([
			{ path: "data/conf", content: { kind: "file", bytes: Buffer.from("1"), mode: 0o644 } },
			{ path: "env", content: { kind: "link", target: "/etc/elsewhere" } },
		]);
	});

	test.each<[Texts, object, string]>([
		[{ finish: "x" }, { file: "/etc/services.d/x" }, "it has no run"],
		[
			{ run: RUN, "notification-fd": "three" },
			{ file: "/etc/services.d/x/notification-fd", line: 1 },
			"three",
		],
		...["-1", "2", "256"].map((descriptor): [Texts, object, string] => [
			{ run: RUN, "notification-fd": descriptor },
			{ file: "/etc/services.d/x/notification-fd", line: 1 },
			descriptor,
		]),
		[
			{ run: RUN, "timeout-kill": "-5" },
			{ file: "/etc/services.d/x/timeout-kill", line: 1 },
			"less than 0",
		],
		[
			{ run: RUN, "down-signal": "SIGX" },
			{ file: "/etc/services.d/x/down-signal", line: 1 },
			"SIGX",
		],
	])("%j is wrong", async (files, place, what) => {
		const { problems } = await read(files);
		expect(problems).toMatchObject([{ place, what: expect.stringContaining(what) }]);
	});
});

test("cont-init.d and cont-finish.d become scripts in the order of their names", async () => {
	const { services, leftOut, settings } = await importLegacyS6(
		treeOf({
			"/etc/cont-init.d/20-b": "#!/usr/bin/with-contenv bash\necho b\n",
			"/etc/cont-init.d/10-a": "#!/usr/bin/execlineb -P\nforeground { echo a }\n",
			"/etc/cont-init.d/15-folder/x": "",
			"/etc/cont-finish.d/90-c": RUN,
			"/etc/services.d/x/run": RUN,
			"/etc/fix-attrs.d/01-x": "/x true abc 0644 0755\n",
		}),
	);
	expect(services.map(({ name, stage }) => [name, stage])).toEqual([
		["10-a", "startup"],
		["20-b", "startup"],
		["x", "service"],
		["90-c", "post-shutdown"],
	]);
	expect(services[0]?.program).toMatchObject({ content: Buffer.from("#!/bin/sh\necho a\n") });
	expect(leftOut).toMatchObject([{ name: "fix-attrs.d/01-x", isMissed: true }]);
	expect(settings).toMatchObject([{ variable: "INIT_ON_STARTUP_FAILURE", value: "continue" }]);
});

describe("s6-rc.d", () => {
	const FOLDER = "/etc/s6-overlay/s6-rc.d";
	const read = async (files: Texts, elsewhere: Texts = {}) => {
		const below = Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]);
		return await importS6Rc(treeOf({ ...Object.fromEntries(below), ...elsewhere }), FOLDER);
	};
	const oneshot = (name: string, more: Texts = {}): Texts =>
		definition(name, { type: "oneshot\n", up: `echo ${name}\n`, ...more });
	const longrun = (name: string, more: Texts = {}): Texts =>
		definition(name, { type: "longrun\n", run: RUN, ...more });
	const definition = (name: string, files: Texts): Texts =>
		Object.fromEntries(Object.entries(files).map(([file, text]) => [`${name}/${file}`, text]));
	const user = (...names: string[]): Texts => ({
		"user/type": "bundle\n",
		...Object.fromEntries(names.map((name) => [`user/contents.d/${name}`, ""])),
	});
	const stages = (found: Awaited<ReturnType<typeof read>>) =>
		found.services.map(({ name, stage }) => [name, stage]);

	test("a oneshot is a start-up script, a longrun a service", async () => {
		const found = await read({ ...oneshot("init"), ...longrun("web"), ...user("init", "web") });
		expect(stages(found)).toEqual([
			["init", "startup"],
			["web", "service"],
		]);
		expect(found.services[0]?.program).toMatchObject({
			content: Buffer.from("#!/bin/sh\nexec echo init\n"),
		});
		expect(found.problems).toEqual([]);
	});

	test("oneshots run behind what they depend on, whatever their names", async () => {
		const found = await read({
			...oneshot("a", { "dependencies.d/b": "", "dependencies.d/base": "" }),
			...oneshot("b", { dependencies: "c\n# no\n\n" }),
			...oneshot("c"),
			...user("a"),
		});
		expect(stages(found).map(([name]) => name)).toEqual(["c", "b", "a"]);
		expect(found.problems).toEqual([]);
	});

	test("a bundle stands for its contents, in dependencies too", async () => {
		const found = await read({
			...oneshot("a", { "dependencies.d/all": "" }),
			"all/type": "bundle",
			"all/contents": "x\ny\n",
			...oneshot("x"),
			...oneshot("y"),
			...user("a"),
		});
		expect(stages(found).map(([name]) => name)).toEqual(["x", "y", "a"]);
	});

	test("down runs in the reverse order behind the services", async () => {
		const found = await read({
			...oneshot("a", { down: "echo stop-a\n" }),
			...oneshot("b", { down: "echo stop-b\n", "dependencies.d/a": "" }),
			...user("a", "b"),
		});
		expect(stages(found)).toEqual([
			["a", "startup"],
			["b", "startup"],
			["b", "post-shutdown"],
			["a", "post-shutdown"],
		]);
	});

	test("a oneshot behind a service runs beside it, and ends before it", async () => {
		const found = await read({
			...longrun("db"),
			...oneshot("migrate", { "dependencies.d/db": "", down: "echo stop\n" }),
			...oneshot("seed", { "dependencies.d/migrate": "" }),
			...user("seed"),
		});
		expect(found.services).toMatchObject([
			{ name: "db", stage: "service", restart: { kind: "always" } },
			{ name: "migrate", stage: "service", restart: { kind: "never" }, dependencies: ["db"] },
			{ name: "seed", stage: "service", restart: { kind: "never" }, dependencies: ["migrate"] },
			{ name: "migrate", stage: "pre-shutdown" },
		]);
	});

	test("the script that up names is taken itself", async () => {
		const script = "/etc/s6-overlay/scripts/init";
		for (const up of [`${script}\n`, `# c\n"${script}"`, `with-contenv ${script}`]) {
			const found = await read(
				{ ...oneshot("init", { up }), ...user("init") },
				{ [script]: "#!/command/with-contenv bash\nexec s6-setuidgid abc prog\n" },
			);
			expect(found.services[0]).toMatchObject({
				user: "abc",
				program: { content: Buffer.from("#!/usr/bin/env bash\nexec setuser abc prog\n") },
			});
		}
	});

	test("a script of arguments, or one that is not there, is called", async () => {
		const found = await read(
			{
				...oneshot("a", { up: "/x/there 1" }),
				...oneshot("b", { up: "/x/none" }),
				...user("a", "b"),
			},
			{ "/x/there": RUN },
		);
		expect(found.services.map(({ program }) => program)).toMatchObject([
			{ content: Buffer.from("#!/bin/sh\nexec /x/there 1\n") },
			{ content: Buffer.from("#!/bin/sh\nexec /x/none\n") },
		]);
	});

	test("an up of comments alone does nothing", async () => {
		const found = await read({ ...oneshot("a", { up: "# nothing\n" }), ...user("a") });
		expect(found.services).toEqual([]);
		expect(found.problems).toEqual([]);
	});

	test("a logger is left out, and its producer says so", async () => {
		const found = await read({
			...longrun("web", { "producer-for": "web-log\n" }),
			...longrun("web-log", { "consumer-for": "web\n", "pipeline-name": "web-pipeline\n" }),
			...user("web"),
		});
		expect(found.services).toMatchObject([
			{ name: "web", dependencies: [], losses: [{ what: "producer-for web-log" }] },
		]);
		expect(found.leftOut).toMatchObject([{ name: "web-log", isMissed: false }]);
	});

	test("what no bundle starts is left out", async () => {
		const found = await read({ ...longrun("web"), ...longrun("other"), ...user("web") });
		expect(stages(found)).toEqual([["web", "service"]]);
		expect(found.leftOut).toMatchObject([{ name: "other", isMissed: false }]);
	});

	test("without a user bundle everything is started, and a note says so", async () => {
		const found = await read({ ...longrun("web"), ...oneshot("init") });
		expect(stages(found)).toEqual([
			["init", "startup"],
			["web", "service"],
		]);
		expect(found.notes).toHaveLength(1);
	});

	test("a user bundle needs no type in s6-overlay", async () => {
		const found = await read({ ...longrun("web"), "user/contents.d/web": "" });
		expect(stages(found)).toEqual([["web", "service"]]);
		expect(found.problems).toEqual([]);
	});

	test.each<[string, Texts, string, string]>([
		["no type", { "x/run": RUN }, "x", "it has no type"],
		["a type of its own", { "x/type": "daemon" }, "x/type", 'the type is "daemon"'],
		["a oneshot without up", { "x/type": "oneshot" }, "x", "it has no up"],
		["a longrun without run", { "x/type": "longrun" }, "x", "it has no run"],
		[
			"an unknown dependency",
			longrun("x", { "dependencies.d/y": "" }),
			"x",
			'dependencies has "y"',
		],
		["unknown contents", { ...user("z"), ...longrun("x") }, "user", 'contents has "z"'],
		[
			"a circle",
			{ ...longrun("x", { dependencies: "y" }), ...longrun("y", { dependencies: "x" }) },
			"x",
			"x → y → x",
		],
	])("%s is wrong", async (_name, files, file, what) => {
		const { problems } = await read(files);
		expect(problems).toMatchObject([
			{ place: { file: `${FOLDER}/${file}` }, what: expect.stringContaining(what) },
		]);
	});
});

test("runit's services are taken as they are, links followed", async () => {
	const { services, problems } = await importRunit(
		treeOf({
			"/etc/service": "→ /etc/runit/runsvdir/default",
			"/etc/runit/runsvdir/default/web": "→ /etc/sv/web",
			"/etc/runit/runsvdir/default/.hidden/run": RUN,
			"/etc/runit/runsvdir/default/file": "",
			"/etc/sv/web/run": "#!/bin/sh\nexec 2>&1\nexec chpst -u app prog\n",
			"/etc/sv/web/finish": "#!/bin/sh\n",
			"/etc/sv/web/conf": "A=1\n",
			"/etc/sv/web/log/run": "#!/bin/sh\nexec svlogd -tt .\n",
			"/etc/sv/web/control/t": "#!/bin/sh\n",
			"/etc/sv/web/supervise": "→ /run/runit/supervise.web",
		}),
	);
	expect(problems).toEqual([]);
	expect(services).toMatchObject([
		{
			name: "web",
			origin: "runit",
			place: { file: "/etc/service/web/run" },
			program: { content: Buffer.from("#!/bin/sh\nexec 2>&1\nexec setuser app prog\n") },
			user: "app",
			losses: [],
		},
	]);
	expect(services[0]?.companions.map(({ path }) => path)).toEqual([
		...["conf", "control/t", "finish", "log/run"],
	]);
});
