import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explain } from "../../cli/src/engine/connect.ts";
import { type Endpoint, endpoints, parseEndpoint } from "../../cli/src/engine/endpoint.ts";
import { ExitCode } from "../../cli/src/exit-codes.ts";
import { Failure } from "../../cli/src/failure.ts";

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

	test("gives the way around for ssh", () => {
		try {
			parse("ssh://me@far");
			expect.unreachable();
		} catch (thrown) {
			expect(thrown).toBeInstanceOf(Failure);
			expect(thrown).toMatchObject({ remedy: expect.stringContaining("me@far") });
		}
	});
});

describe("explain()", () => {
	const refused = (address: string, errno: string) => {
		const endpoint: Endpoint = {
			address,
			source: "test",
			transport: { kind: "unix", path: address },
		};
		return { endpoint, errno, message: `connect ${errno}` };
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
