import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explain } from "../../cli/src/engine/connect.ts";
import { type Endpoint, endpoints, parseEndpoint } from "../../cli/src/engine/endpoint.ts";
import { sshArguments } from "../../cli/src/engine/ssh/command.ts";
import { ExitCode } from "../../cli/src/exit-codes.ts";

let home = "";
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), "baseimage-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

function addContext(name: string, host: string): string {
	const id = createHash("sha256").update(name).digest("hex");
	const folder = join(home, ".docker", "contexts");
	mkdirSync(join(folder, "meta", id), { recursive: true });
	writeFileSync(
		join(folder, "meta", id, "meta.json"),
		JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
	);
	return join(folder, "tls", id, "docker");
}

function addresses(env: NodeJS.ProcessEnv): string[] {
	return endpoints(env, home).map(({ address }) => address);
}

describe("endpoints()", () => {
	test("is DOCKER_HOST alone when it is set, whatever the context is", () => {
		addContext("far", "tcp://far:2375");
		const env = { DOCKER_HOST: "unix:///x.sock", DOCKER_CONTEXT: "far" };
		expect(addresses(env)).toEqual(["unix:///x.sock"]);
	});

	test("is the endpoint of the context that DOCKER_CONTEXT names", () => {
		addContext("far", "tcp://far:2375");
		expect(endpoints({ DOCKER_CONTEXT: "far" }, home)).toMatchObject([
			{
				address: "tcp://far:2375",
				source: 'docker context "far"',
				transport: { kind: "tcp", host: "far", port: 2375, tls: undefined },
			},
		]);
	});

	test("is the endpoint of the configuration's current context, with its certificates", () => {
		const tls = addContext("safe", "tcp://safe");
		mkdirSync(tls, { recursive: true });
		for (const name of ["ca", "cert", "key"]) writeFileSync(join(tls, `${name}.pem`), name);
		writeFileSync(join(home, ".docker", "config.json"), '{"currentContext":"safe"}');
		expect(endpoints({}, home)[0]?.transport).toEqual({
			kind: "tcp",
			host: "safe",
			port: 2376,
			tls: { ca: Buffer.from("ca"), cert: Buffer.from("cert"), key: Buffer.from("key") },
		});
	});

	test("by ssh needs no certificates, whatever is said of them", () => {
		const env = { DOCKER_HOST: "ssh://far", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: home };
		expect(endpoints(env, home)).toMatchObject([{ transport: { kind: "ssh", host: "far" } }]);
	});

	test("is what the context says, by ssh too", () => {
		addContext("far", "ssh://me@far");
		expect(endpoints({ DOCKER_CONTEXT: "far" }, home)).toMatchObject([
			{ address: "ssh://me@far", transport: { kind: "ssh", host: "far", user: "me" } },
		]);
	});

	test("is the usual sockets, Docker's before Podman's, for the default context", () => {
		const env = { DOCKER_CONTEXT: "default", XDG_RUNTIME_DIR: "/run/user/1000" };
		expect(addresses(env)).toEqual([
			"unix:///var/run/docker.sock",
			`unix://${home}/.docker/run/docker.sock`,
			"unix:///run/user/1000/docker.sock",
			"unix:///run/user/1000/podman/podman.sock",
			"unix:///run/podman/podman.sock",
		]);
	});

	test("fails for a context that does not exist, and names it", () => {
		expect(() => endpoints({ DOCKER_CONTEXT: "gone" }, home)).toThrow(/docker context "gone"/);
	});

	test("fails for a configuration that is no JSON, and names the file", () => {
		mkdirSync(join(home, ".docker"));
		writeFileSync(join(home, ".docker", "config.json"), "{");
		expect(() => endpoints({}, home)).toThrow(/config\.json/);
	});

	test("fails when DOCKER_TLS_VERIFY asks for certificates that are not there", () => {
		const env = { DOCKER_HOST: "tcp://h", DOCKER_TLS_VERIFY: "1" };
		expect(() => endpoints(env, home)).toThrow(/ca\.pem/);
	});
});

describe("parseEndpoint()", () => {
	const parse = (address: string) => parseEndpoint(address, "DOCKER_HOST", undefined);

	test("takes unix sockets and TCP addresses, with Docker's default port", () => {
		expect(parse("unix:///a/b.sock").transport).toEqual({ kind: "unix", path: "/a/b.sock" });
		expect(parse("unix://").transport).toEqual({ kind: "unix", path: "/var/run/docker.sock" });
		expect(parse("tcp://h").transport).toMatchObject({ host: "h", port: 2375 });
		expect(parse("tcp://127.0.0.1:99").transport).toMatchObject({ port: 99 });
	});

	test.each(["foo", "tcp://", "ftp://h", "unix:/x", "tcp://h:port"])(
		"refuses %j as an engine's address",
		(address) => {
			expect(() => parse(address)).toThrow(`DOCKER_HOST is "${address}"`);
		},
	);

	test.each([
		["ssh://far", { host: "far", user: undefined, port: undefined, socketPath: undefined }],
		["ssh://far/", { host: "far", socketPath: undefined }],
		["ssh://me@far.test:2222", { host: "far.test", user: "me", port: 2222 }],
		["ssh://Build_1", { host: "Build_1" }],
		["ssh://me@10.0.0.7", { host: "10.0.0.7" }],
		["ssh://me@[fe80::1]:22", { host: "fe80::1", port: 22 }],
		[
			"ssh://user@host:22/run/user/1000/podman/podman.sock",
			{ host: "host", user: "user", port: 22, socketPath: "/run/user/1000/podman/podman.sock" },
		],
		["ssh://a%2Db@far/with%20space.sock", { user: "a-b", socketPath: "/with space.sock" }],
	])("takes %s", (address, parts) => {
		expect(parse(address).transport).toMatchObject({ kind: "ssh", ...parts });
	});

	test.each([
		["ssh://", "names no host"],
		["ssh:///run/x.sock", "names no host"],
		["ssh://me@", "names no host"],
		["ssh://-oProxyCommand=touch%20x", 'begins with "-"'],
		["ssh://-oProxyCommand", 'begins with "-"'],
		["ssh://me@-oProxyCommand", 'begins with "-"'],
		["ssh://$(id)", "no name of a host"],
		["ssh://a b", "no name of a host"],
		["ssh://[::1", "no ssh://"],
		["ssh://-lroot@far", "no name of a user"],
		["ssh://a;b@far", "no name of a user"],
		["ssh://@far", "no name of a user"],
		["ssh://me:secret@far", "a password can't be given"],
		["ssh://far:0", "no port 0"],
		["ssh://far:65536", "no port 65536"],
		["ssh://far:ssh", "no ssh://"],
		["ssh://far?x=y", "a query"],
		["ssh://far/a%zz", "no escape"],
		["ssh://far/a%0Ab", "control character"],
	])("refuses %s: %s", (address, reason) => {
		expect(() => parse(address)).toThrow(`DOCKER_HOST is "${address}"`);
		expect(() => parse(address)).toThrow(reason);
	});
});

describe("sshArguments()", () => {
	const argumentsFor = (address: string, asks: boolean) => {
		const { transport } = parseEndpoint(address, "DOCKER_HOST", undefined);
		if (transport.kind !== "ssh") throw new Error(`${address} is no ssh`);
		return sshArguments(transport, { asks });
	};

	test("name the host behind all options, and the remote command last", () => {
		const all = argumentsFor("ssh://me@far:2222", true);
		expect(all.slice(all.indexOf("-l"))).toEqual([
			...["-l", "me", "-p", "2222", "--", "far", "docker system dial-stdio"],
		]);
	});

	test("hand a socket on to the docker command, as one word of a shell", () => {
		expect(argumentsFor("ssh://far/run/podman.sock", true).at(-1)).toBe(
			"docker --host unix:///run/podman.sock system dial-stdio",
		);
		expect(argumentsFor("ssh://far/a%20b;'c", true).at(-1)).toBe(
			`docker --host 'unix:///a b;'"'"'c' system dial-stdio`,
		);
	});

	test("let ssh ask only where somebody is there to answer", () => {
		expect(argumentsFor("ssh://far", true)).not.toContain("BatchMode=yes");
		expect(argumentsFor("ssh://far", false)).toContain("BatchMode=yes");
	});
});

describe("explain()", () => {
	const refused = (address: string, errno: string) => {
		const endpoint: Endpoint = {
			address,
			source: "test",
			transport: { kind: "unix", path: address },
		};
		return { endpoint, errno, message: `connect ${errno}`, limitMs: 5_000 };
	};

	test("lists every place that was tried when there is no engine", () => {
		const failure = explain([refused("unix:///a", "ENOENT"), refused("unix:///b", "EWEIRD")]);
		expect(failure.exitCode).toBe(ExitCode.engine);
		expect(failure.message).toContain("unix:///a (test): no such file");
		expect(failure.message).toContain("unix:///b (test): connect EWEIRD");
	});

	test("speaks of the forbidden engine when there is one, not of the missing ones", () => {
		const failure = explain([refused("unix:///a", "ENOENT"), refused("unix:///b", "EACCES")]);
		expect(failure.exitCode).toBe(ExitCode.engine);
		expect(failure.message).toMatch(/^no permission .*unix:\/\/\/b/);
		expect(failure.message).not.toContain("unix:///a");
	});
});
