import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { innerPid } from "../../../bench/services/cost.ts";
import { ofOurs, ofRunit, ofS6, ofSupervisord } from "../../../bench/services/definitions.ts";
import { parseLine } from "../../../bench/services/stage.ts";
import { versionsOf } from "../../../bench/services/supervisors.ts";

const SERVICES = { count: 2, command: ["/s", "/p"], folder: "/f" };

test("runit and s6 have a folder for each service, s6 with notification-fd where it is asked for", () => {
	const run = "#!/bin/sh\nexec /s /p\n";
	const scripts = { "/f/s0000/run": run, "/f/s0001/run": run };
	expect(ofRunit(SERVICES, "/r")).toEqual({ files: {}, scripts, command: ["/r", "/f"] });
	expect(ofS6(SERVICES, "/s6")).toMatchObject({ files: {}, scripts });
	expect(ofS6({ ...SERVICES, readyFd: 3 }, "/s6").files).toEqual({
		"/f/s0000/notification-fd": "3\n",
		"/f/s0001/notification-fd": "3\n",
	});
});

test("supervisord has a section for each, ours a file", () => {
	const supervisord = ofSupervisord(SERVICES, ["/py", "/sd"]);
	expect(supervisord.command).toEqual(["/py", "/sd", "-n", "-c", "/f/supervisord.conf"]);
	const text = supervisord.files["/f/supervisord.conf"] ?? "";
	expect(text.match(/^\[program:s\d+\]\ncommand=\/s \/p$/gm)).toHaveLength(2);

	const ours = ofOurs({ ...SERVICES, readyFd: 3 }, "/init");
	expect(ours).toMatchObject({ command: ["/init"], etc: "/f" });
	expect(Object.keys(ours.files)).toEqual([
		"/f/my_init/services/s0000.toml",
		"/f/my_init/services/s0001.toml",
	]);
	expect(parse(Object.values(ours.files)[0] ?? "")).toEqual({
		command: ["/s", "/p"],
		ready: { fd: 3 },
	});
	expect(parse(Object.values(ofOurs(SERVICES, "/i").files)[0] ?? "")).toEqual({
		command: ["/s", "/p"],
	});
});

test("parseLine() reads what the stage and the services write, and nothing else", () => {
	expect(parseLine("begin 5")).toEqual({ what: "begin", pid: 0, ns: 5 });
	expect(parseLine("up 7 12")).toEqual({ what: "up", pid: 7, ns: 12 });
	for (const text of ["", "up 7", "begin x", "begin 5 6", "up 7 12 "]) {
		expect(() => parseLine(text), text).toThrow("expected");
	}
});

test("innerPid() is the last of NSpid", () => {
	expect(innerPid("Name:\tx\nNSpid:\t4711\t12\t3\nNSsid:\t1\n")).toBe(3);
	expect(innerPid("NSpid:\t4711\n")).toBe(4711);
	expect(innerPid("Name:\tx\n")).toBeUndefined();
});

test("versionsOf() reads the names that apt leaves", () => {
	expect(versionsOf(["s6_2.11.3.2-1_amd64.deb", "x_1%3a2_all.deb"])).toEqual(
		new Map([
			["s6", "2.11.3.2-1"],
			["x", "1:2"],
		]),
	);
});
