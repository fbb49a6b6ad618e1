// Definitions of services, with real files and the real runtime; test/unit/definitions has every case.
import { expect, test } from "vitest";
import type { Definition } from "../../init/src/services/definition.ts";
import { Image, type ImageFiles } from "./support/image.ts";
import type { Ended } from "./support/namespace.ts";
import { describeInit } from "./support/suite.ts";

const SERVICES = "my_init/services";
const sleep = 'command = ["sleep", "1000"]\n';

function definitionsIn({ stdout }: Ended): Definition[] {
	return stdout
		.split("\n")
		.slice(0, -1)
		.map((line): Definition => JSON.parse(line));
}

describeInit("definitions of services", (binary) => {
	const initctl = async (
		files: ImageFiles,
		given: readonly string[],
		launch: { readonly before?: string; readonly exec?: string } = {},
	): Promise<Ended> => {
		using image = new Image(binary, files);
		return await image.run(["as", "initctl", ...given], launch);
	};

	test("are compiled with all kinds of keys, bytes as they are", async () => {
		const files = {
			[`${SERVICES}/web.toml`]: `entrypoint = "sh -c 'exec sleep 9' ü"
user = "root:daemon"
environment = { A = "\\u00fc€", B = 1.5, C = 0x10 }
depends_on.db = { condition = "service_healthy", restart = true }
restart = "on-failure:3"
stop_grace_period = "1m30.5s"
ulimits.nofile = { soft = 1_024, hard = 4096 }
log = { file = "/var/log/web", max_size = "10m" }
healthcheck = { test = "true && true", interval = "1h", disable = false }
`,
			[`${SERVICES}/db.toml`]: `${sleep}scale = 2\nhealthcheck.test = { tcp = "localhost:5432" }\n`,
			[`${SERVICES}/web.toml.d/10.toml`]: "nice = -5\n",
			[`${SERVICES}/README`]: "not one",
		};
		const ended = await initctl(files, ["compile"]);
		expect(ended.stderr).toBe("");
		const [one, two, web] = definitionsIn(ended);
		const bytes = (text: string): string => Buffer.from(text).toString("latin1");
		expect([one?.name, two?.name]).toEqual(["db-1", "db-2"]);
		expect(one?.healthcheck?.program).toEqual({
			...{ words: ["await", "--once", "tcp", "localhost:5432"], isOurs: true },
		});
		expect(web).toMatchObject({
			launch: {
				words: ["sh", "-c", "exec sleep 9", bytes("ü")],
				identity: { user: 0, group: 1, groups: [1] },
				environment: expect.arrayContaining(["HOME=/root", bytes("A=ü€"), "B=1.5", "C=16"]),
				limits: [{ resource: 7, soft: 1024, hard: 4096 }],
				nice: -5,
			},
			dependsOn: [{ name: "db-1" }, { name: "db-2" }],
			...{ restart: "on-failure", mostRestarts: 3, stopGraceMs: 90_500 },
			log: { format: "prefix", maxSize: 10_485_760 },
			healthcheck: { program: { words: ["/bin/sh", "-c", "true && true"] }, intervalMs: 3_600_000 },
		});
		expect(ended.code).toBe(0);
	});

	test("are checked, all at once", async () => {
		const files = {
			[`${SERVICES}/a.toml`]: 'comand = ["x"]\nuser = "nobdy"\nready.tcp = "x"\n',
			[`${SERVICES}/b.toml`]: 'command = ["missing"]\nlog.max_size = "1x"\nwhen = 1979-05-27\n',
			[`${SERVICES}/c.toml`]: "command = [",
			[`${SERVICES}/d.toml`]: `${sleep}depends_on = ["e"]`,
			[`${SERVICES}/e.toml`]: `${sleep}depends_on = ["d"]`,
			[`${SERVICES}/f.toml`]: 'command = "sleeep 1"\n',
		};
		const before = `cd /etc/${SERVICES}; mkfifo fifo.toml; mkdir folder.toml; printf 'a = "\\377"' >bytes.toml; ln -s /dev/null gone.toml; ln -s loop.toml loop.toml`;
		const { code, stdout } = await initctl(files, ["check"], { before });
		const lines = stdout.split("\n").map((line) => line.replace(`/etc/${SERVICES}/`, ""));
		expect(lines).toEqual([
			'a.toml:1:1: unknown key "comand"; did you mean "command"?',
			'a.toml:2:1: user is wrong: there is no user "nobdy" in /etc/passwd; did you mean "nobody"?',
			'a.toml:3:1: ready.tcp is "x"; write HOST:PORT such as "127.0.0.1:5432"',
			'b.toml:1:1: command names "missing", which is not found in PATH; install it, or give its path',
			'b.toml:2:1: log.max_size is "1x"; write a size such as "64k", "10m" or "1g" (a bare number is bytes)',
			"b.toml:2:1: log.max_size is about a file, and there is none; write file, or take it out",
			'b.toml:3:1: unknown key "when"; docs/services.md has all',
			"bytes.toml:1:6: is no UTF-8 here; save the file as UTF-8",
			"c.toml:1:11: is no TOML: unfinished array; see https://toml.io",
			"d.toml:2:1: depends_on goes in a circle: d -> e -> d; take one of them out",
			'f.toml:1:1: command names "sleeep", which is not found in PATH; did you mean "sleep"? If not, install it, or give its path',
			"fifo.toml: is no regular file; write one, or a link to /dev/null, which takes the service away",
			"folder.toml: is no regular file; write one, or a link to /dev/null, which takes the service away",
			"loop.toml: cannot be read: too many symbolic links (ELOOP); let it be read, or remove it",
			"",
		]);
		expect(code).toBe(1);
		const json = await initctl(files, ["check", "--json"], { before });
		expect(JSON.parse(json.stdout)).toHaveLength(14);
		expect((await initctl({ [`${SERVICES}/x.toml`]: sleep }, ["check"])).code).toBe(0);
	});

	test("that go by a time zone or a host that is not there are warned of, where something goes by it", async () => {
		const files = {
			[`${SERVICES}/a.toml`]: `${sleep}schedule = "@daily"\n`,
			[`${SERVICES}/b.toml`]: `${sleep}ready.tcp = "db.internal:5432"\n`,
		};
		const warned = async (zone: string, file: string): Promise<Ended> => {
			const before = `for at in /usr/share /etc/hosts; do [ -f $at ] && mount --bind /dev/null $at || mount -t tmpfs none $at; done; mkdir -p /usr/share/zoneinfo/Europe; printf '${file}' >/usr/share/zoneinfo/Europe/Berlin; export TZ=${zone}`;
			return await initctl(files, ["check"], { before });
		};
		const host = `*** warning: /etc/${SERVICES}/b.toml:2:1: ready.tcp names "db.internal", which is not in /etc/hosts, and DNS is not asked; give an address in numbers, or have the name in /etc/hosts when the container runs\n`;
		expect(await warned("Europe/Berlin", "TZif2")).toMatchObject({ code: 0, stderr: host });
		expect(await warned("CET-1CEST", "")).toMatchObject({ code: 0, stderr: host });
		expect(await warned("Europe/Berlni", "TZif2")).toMatchObject({
			code: 0,
			stderr: `${host}*** warning: TZ: "Europe/Berlni" is no time zone in /usr/share/zoneinfo: schedules go by UTC; install tzdata, or correct it\n`,
		});
	});

	test("are shown with the file of each key, and /dev/null, by a link or a mount, takes one away", async () => {
		const files = {
			[`${SERVICES}/web.toml`]: sleep,
			[`${SERVICES}/web.toml.d/x.toml`]: "nice = 1\n",
		};
		const shown = await initctl(files, ["show", "web"]);
		expect(shown.stdout).toBe(
			`command = ["sleep", "1000"]  # /etc/${SERVICES}/web.toml\nnice = 1  # /etc/${SERVICES}/web.toml.d/x.toml\n`,
		);
		const file = `/run/${SERVICES}/web.toml`;
		for (const put of [
			`ln -s /dev/null ${file}`,
			`ln -s ../../../dev/null ${file}`,
			`touch ${file}; mount --bind /dev/null ${file}`,
			`mknod ${file} c 1 3`,
		]) {
			const before = `mount -t tmpfs none /run; mkdir -p /run/${SERVICES}; ${put}`;
			const { stdout, stderr, code } = await initctl(files, ["show"], { before });
			expect({ stdout, stderr, code }, put).toEqual({
				...{ stdout: `web\tremoved by ${file}\n`, stderr: "", code: 0 },
			});
		}
	});

	test("many of them go whole through a pipe that is read slowly; a disk that is full is told", async () => {
		const count = 300;
		const files = Object.fromEntries(
			Array.from({ length: count }, (_, i) => [
				`${SERVICES}/s${i}.toml`,
				`${sleep}user = "daemon"\n`,
			]),
		);
		const exec = '"$MY_INIT" "$@" | { read -r first; printf "%s\\n" "$first"; cat; }';
		const piped = await initctl(files, ["compile"], { exec });
		expect(piped.stderr).toBe("");
		expect(definitionsIn(piped)).toHaveLength(count);
		const full = await initctl(files, ["compile"], { exec: '"$MY_INIT" "$@" >/dev/full' });
		expect(full.stderr).toContain(
			"*** error: cannot write to stdout: no space is left on the disk (ENOSPC)\n",
		);
		expect(full.code).toBe(1);
	});
});
