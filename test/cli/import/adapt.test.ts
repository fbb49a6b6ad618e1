// Program files: what their #! lines say, and the tools that scripts of a shell call.
import { describe, expect, test } from "vitest";
import { adaptProgram } from "../../../cli/src/import/s6/program.ts";
import { adaptShell } from "../../../cli/src/import/shell/adapt.ts";

const FILE = "/etc/services.d/x/run";

function adapted(text: string) {
	const { program, ...rest } = adaptProgram(Buffer.from(text, "latin1"), FILE);
	if (program.kind !== "file") throw new RangeError("a file becomes a file");
	return { text: program.content.toString("latin1"), ...rest };
}

describe("a #! line", () => {
	test.each([
		["#!/usr/bin/with-contenv bash", "#!/usr/bin/env bash"],
		["#!/command/with-contenv sh", "#!/bin/sh"],
		["#!/usr/bin/env with-contenv bash", "#!/usr/bin/env bash"],
		["#! /usr/bin/with-contenv /bin/bash", "#!/bin/bash"],
		["#!/usr/bin/with-contenv", "#!/bin/sh"],
		["#!/usr/bin/with-contenv python3", "#!/usr/bin/env python3"],
		["#!/usr/bin/with-contenv bashio", "#!/usr/bin/env bashio"],
		["#!/bin/sh -e", "#!/bin/sh -e"],
		["#!/usr/bin/python3", "#!/usr/bin/python3"],
		["", ""],
	])("%s becomes %s", (line, expected) => {
		expect(adapted(`${line}\necho x\n`).text).toBe(`${expected}\necho x\n`);
	});

	test.each([
		"#!/usr/bin/execlineb -P",
		"#!/command/execlineb -P",
		"#!/bin/execlineb",
		"#!/usr/bin/env execlineb",
	])("%s is execline", (line) => {
		expect(adapted(`${line}\ns6-setuidgid app\nprog\n`)).toEqual({
			text: "#!/bin/sh\nexec setuser app prog\n",
			user: "app",
			losses: [],
			problems: [],
		});
	});

	test("a program of the machine stays as it is, byte for byte", () => {
		const bytes = String.fromCharCode(0x7f, 0x45, 0x4c, 0x46, 0, 255, 10, 35, 33);
		expect(adapted(bytes).text).toBe(bytes);
	});
});

test("execline that is not simple is kept, and the report says what it needs", () => {
	const text = "#!/usr/bin/execlineb -P\npipeline { a } b\n";
	expect(adapted(text)).toMatchObject({
		text,
		losses: [{ place: { file: FILE }, what: "execline: pipeline" }],
		problems: [],
	});
});

test("execline that is none is kept, and is a problem with its line", () => {
	const text = "#!/usr/bin/execlineb -P\na {\n";
	expect(adapted(text)).toMatchObject({
		text,
		losses: [],
		problems: [{ place: { file: FILE, line: 2 }, what: "a { has no }" }],
	});
});

describe("adaptShell() puts in place of", () => {
	test.each([
		["exec s6-setuidgid app prog", "exec setuser app prog"],
		["exec /command/s6-setuidgid app prog", "exec setuser app prog"],
		["exec \\\n  s6-setuidgid abc prog", "exec \\\n  setuser abc prog"],
		['x && s6-setuidgid "$USER_X" prog', 'x && setuser "$USER_X" prog'],
		["(s6-setuidgid a b)", "(setuser a b)"],
		["exec s6-notifyoncheck -d -n 300 -w 1000 prog", "exec prog"],
		[
			'exec \\\n\ts6-notifyoncheck -d -n 300 -w 1000 -c "nc -z localhost 80" \\\n\t\ts6-setuidgid abc /app/x',
			"exec \\\n\tsetuser abc /app/x",
		],
		[
			'exec \\\n  s6-notifyoncheck -d -c "nc -z 1 2" \\\n  cd /app/x s6-setuidgid abc ./x',
			"cd /app/x || exit 111\nexec setuser abc ./x",
		],
		["exec chpst -u app prog", "exec setuser app prog"],
		["exec chpst -u app:grp prog", "exec setuser app:grp prog"],
		["exec chpst -u www-data prog -u x", "exec setuser www-data prog -u x"],
		["printf 1 > /run/s6/container_environment/A", "printf 1 > /etc/container_environment/A"],
		["ls /var/run/s6/container_environment", "ls /etc/container_environment"],
	])("%j", (text, expected) => {
		expect(adaptShell(text, FILE).text).toBe(expected);
	});

	test.each([
		"exec prog",
		"# s6-setuidgid is not called",
		"exec chpst -m 1000 -u app prog",
		"exec chpst -u app -m 1000 prog",
		"exec chpst -u :1000:1000 prog",
		"echo my-s6-setuidgid x",
	])("nothing in %j", (text) => {
		expect(adaptShell(text, FILE).text).toBe(text);
	});
});

describe("adaptShell() names", () => {
	test.each([
		["a\nexec s6-softlimit -m 1 prog", 2, "s6-softlimit"],
		["exec chpst -m 1000 -u app prog", 1, "chpst"],
		["sv restart x", 1, "sv"],
		["supervisorctl restart x", 1, "supervisorctl"],
		["a\n\ns6-svscanctl -t /var/run/s6/services", 3, "s6-svscanctl -t /var/run/s6/services"],
		["exec /run/s6/basedir/bin/halt", 1, "/run/s6/basedir/bin/halt"],
		["x | logutil-service /var/log/x", 1, "logutil-service"],
		["exec s6-notifyoncheck -d prog", 1, "s6-notifyoncheck"],
	])("%j", (text, line, what) => {
		expect(adaptShell(text, FILE).losses).toMatchObject([{ place: { file: FILE, line }, what }]);
	});

	test("nothing in comments, in other words and where all is replaced", () => {
		const text = "# s6-svc\nexec s6-setuidgid app sv-prog --sv=1 x.s6-log /etc/sv/x\n";
		expect(adaptShell(text, FILE).losses).toEqual([]);
	});
});
