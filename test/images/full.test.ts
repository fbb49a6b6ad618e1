// The images with what users of Phusion's base rely on: every extra does what it is there for.
import { expect, test } from "vitest";
import { buildImage } from "./support/build.ts";
import { run, start } from "./support/container.ts";
import { filesOf } from "./support/files.ts";
import { describeFull } from "./support/variants.ts";

/** Far below the engine's 10 s: what takes longer was waited out. */
const SOON_MS = 4_000;
const KEY = "/root/.ssh/insecure_key";
const LOG_IN = `ssh -i ${KEY} -o StrictHostKeyChecking=no -o BatchMode=yes root@127.0.0.1 echo logged in as '$USER'`;
/** sshd may not listen yet. */
const LOG_IN_SOON = `for try in 1 2 3 4 5 6 7 8 9 10; do ${LOG_IN} 2> /dev/null && exit 0; sleep 0.3; done; ${LOG_IN}`;

describeFull("the image", (variant) => {
	test("holds no host key, private key or authorized key", async () => {
		const paths = [...(await filesOf(variant.tag)).keys()];
		expect(paths).toContain("usr/sbin/sshd");
		expect(
			paths.filter((path) =>
				/(^|\/)(ssh_host_.*_key|authorized_keys2?|insecure_key|id_(rsa|ecdsa|ed25519))$/.test(path),
			),
		).toEqual([]);
		// A block of a key, not the words alone: programs have those.
		const script =
			"grep -rIlE '^-----BEGIN [A-Z ]*PRIVATE KEY-----$' /etc /root /home /var /usr /opt | grep -v ^/usr/share/doc/; echo searched";
		const { stdout } = await run(variant.tag, {
			command: ["/sbin/my_init", "--skip-runit", "--quiet", "--", "sh", "-c", script],
		});
		expect(stdout).toBe("searched\n");
	});

	test("stops its services as soon as it is asked", async () => {
		await using container = await start(variant.ours, {
			command: ["/actors/saver", "app", "10"],
			ready: ["app ready"],
		});
		const { code, afterMs, stdout, stderr } = await container.stop();
		expect(stdout).toContain("app saved");
		expect(stderr).toMatch(/Shutting down cron \(PID \d+\)\.\.\./);
		expect(afterMs).toBeLessThan(SOON_MS);
		expect(code).toBe(0);
	});

	test("runs a plain command and gives its exit code", async () => {
		const { code } = await run(variant.tag, { command: ["sh", "-c", "exit 7"] });
		expect(code).toBe(7);
	});
});

describeFull("the container environment", (variant) => {
	test("is for root, its dumps are for docker_env too", async () => {
		const script = "stat -c '%a %U:%G %n' /etc/container_environment*; getent group docker_env";
		const { stdout } = await run(variant.tag, { command: ["sh", "-c", script] });
		expect(stdout.split("\n")).toEqual(
			expect.arrayContaining([
				"700 root:root /etc/container_environment",
				"640 root:docker_env /etc/container_environment.json",
				"640 root:docker_env /etc/container_environment.sh",
				"docker_env:x:8377:",
			]),
		);
	});

	test("reaches login shells of root, and disturbs no other's", async () => {
		const script =
			"env -i sh -lc 'echo root $GREETING'; setuser nobody env -i sh -lc 'echo other $GREETING'";
		const { stdout, stderr } = await run(variant.tag, {
			command: ["/sbin/my_init", "--quiet", "--", "sh", "-c", script],
			environment: { GREETING: "hello" },
		});
		expect(stdout).toContain("root hello\nother\n");
		expect(stderr).toBe("");
	});
});

describeFull("cron", (variant) => {
	test("runs jobs, which have the container's variables by initctl env", async () => {
		const job = "@reboot root /sbin/initctl env -- sh -c 'echo job says $GREETING > /proc/1/fd/1'";
		await using image = await buildImage(
			`FROM ${variant.tag}\nCOPY <<"END" /etc/cron.d/job\n${job}\nEND\n`,
		);
		await using container = await start(image.tag, { environment: { GREETING: "hello" } });
		await container.output.line("job says hello");
	});

	test("rotates logs daily", async () => {
		const script = [
			"printf '/var/log/app.log {\\nrotate 2\\nsize 1\\n}\\n' > /etc/logrotate.d/app",
			"echo line > /var/log/app.log",
			"run-parts --exit-on-error /etc/cron.daily",
			"cat /var/log/app.log.1",
		];
		const { code, stdout } = await run(variant.tag, {
			command: ["sh", "-ec", script.join("\n")],
		});
		expect(stdout).toContain("line\n");
		expect(code).toBe(0);
	});
});

describeFull("syslog", (variant) => {
	test("is the container's log", async () => {
		await using container = await start(variant.tag, {
			command: [
				"sh",
				"-c",
				"until [ -S /dev/log ]; do sleep 0.1; done; logger -t app said; sleep 1000",
			],
		});
		await container.output.line("app: said");
	});
});

describeFull("sshd", (variant) => {
	test("is down, and has no host keys", async () => {
		const script = "sleep 0.5; ls /etc/ssh; cat /proc/[0-9]*/comm";
		const { stdout } = await run(variant.tag, { command: ["sh", "-c", script] });
		expect(stdout).toContain("sshd_config\n");
		expect(stdout).not.toMatch(/ssh_host|^sshd$/m);
	});

	test("is up where down is removed, with host keys of the container's own, and lets the key in", async () => {
		await using image = await buildImage(`FROM ${variant.tag}\nRUN rm -f /etc/service/sshd/down`);
		const hostKeys = new Set<string>();
		for (const _ of ["once", "twice"]) {
			const { code, stdout } = await run(image.tag, {
				command: [
					...["/sbin/my_init", "--enable-insecure-key", "--"],
					...[
						"sh",
						"-c",
						`${LOG_IN_SOON.replace("exit 0", "break")}; cat /etc/ssh/ssh_host_ed25519_key.pub`,
					],
				],
			});
			expect(stdout).toContain(`docker cp CONTAINER:${KEY} .`);
			expect(stdout).toContain("logged in as root\n");
			expect(code).toBe(0);
			hostKeys.add(/^ssh-ed25519 \S+/m.exec(stdout)?.[0] ?? "none");
		}
		expect(hostKeys.size).toBe(2);
		expect(hostKeys).not.toContain("none");
	});

	test("has the insecure key made at each container's start when the image was built to", async () => {
		await using image = await buildImage(
			`FROM ${variant.tag}\nRUN rm -f /etc/service/sshd/down && /usr/sbin/enable_insecure_key`,
		);
		const paths = [...(await filesOf(image.tag)).keys()];
		expect(paths).toContain("etc/my_init.d/01_insecure_key");
		expect(paths.filter((path) => path.startsWith("root/.ssh/"))).toEqual([]);
		const { code, stdout } = await run(image.tag, { command: ["sh", "-c", LOG_IN_SOON] });
		expect(stdout).toContain("logged in as root\n");
		expect(code).toBe(0);
	});

	test("lets nobody in without a key, and says at start-up why it has no host keys", async () => {
		await using image = await buildImage(`FROM ${variant.tag}\nRUN rm -f /etc/service/sshd/down`);
		const open = await run(image.tag, { command: ["sh", "-c", LOG_IN_SOON] });
		expect(open.code).toBe(255);
		expect(open.stderr).toContain("Permission denied (publickey)");
		const closed = await run(image.tag, {
			command: ["true"],
			host: { ReadonlyRootfs: true },
		});
		expect(closed.stderr).toContain(
			"no SSH host keys: /etc/ssh cannot be written; sshd will not start",
		);
		expect(closed.code).toBe(0);
	});
});

describeFull("what cannot be written", (variant) => {
	test.each([
		["another user", { create: { User: "12345" } }],
		["a read-only root", { host: { ReadonlyRootfs: true } }],
		["a full disk", { host: { Tmpfs: { "/etc/container_environment": "size=4k" } } }],
	])("keeps no container from starting: %s", async (_name, how) => {
		await using image = await buildImage(
			`FROM ${variant.tag}\nRUN rm /etc/service/sshd/down && /usr/sbin/enable_insecure_key`,
		);
		const { code, stdout } = await run(image.tag, {
			command: ["sh", "-c", 'echo "ran with $A$B$C, empty: $(env | grep -c =$)"'],
			environment: { A: "1", B: "2", C: "3" },
			...how,
		});
		expect(stdout).toContain("ran with 123, empty: 0\n");
		expect(code).toBe(0);
	});

	test("is not continued where a last line has no newline", async () => {
		const script = [
			"printf 'ssh-ed25519 AAAAmine me' > /root/.ssh/authorized_keys",
			"enable_insecure_key --now && enable_insecure_key --now",
			"grep -c ssh- /root/.ssh/authorized_keys",
			"sed -i /^abc:/d /etc/passwd && truncate -s -1 /etc/passwd",
			"/etc/my_init.d/10_app_user && id -u abc",
		];
		const { stdout } = await run(variant.tag, {
			create: { Entrypoint: ["sh", "-ec", script.join("\n")] },
		});
		expect(stdout).toMatch(/^2\n911\n$/m);
	});

	test("leaves no empty host key", async () => {
		const script =
			": > /etc/ssh/ssh_host_rsa_key; rm /etc/service/sshd/down; /etc/my_init.d/00_regen_ssh_host_keys.sh; find /etc/ssh -name 'ssh_host_*' -size +0 | grep -c key";
		const { stdout } = await run(variant.tag, {
			create: { Entrypoint: ["sh", "-c", script] },
		});
		expect(stdout).toContain("6\n");
	});
});

describeFull("the locale", (variant) => {
	test("is one of UTF-8, and en_US.UTF-8 is there", async () => {
		const script = "locale charmap; locale -a; printf 'ü' | wc -m";
		const { stdout, stderr } = await run(variant.tag, {
			command: ["/sbin/my_init", "--skip-runit", "--quiet", "--", "sh", "-c", script],
		});
		expect(stdout).toMatch(/^UTF-8\n(.*\n)*en_US\.utf8\n(.*\n)*1\n$/);
		expect(stderr).not.toContain("locale:");
	});
});

describeFull("apt", (variant) => {
	test("asks nothing", async () => {
		const script = "debconf-show debconf; apt-config dump Dpkg::Options";
		const { stdout } = await run(variant.tag, { command: ["sh", "-c", script] });
		expect(stdout).toMatch(/debconf\/frontend: Noninteractive$/m);
		expect(stdout).toContain('"--force-confold"');
		expect(stdout).toContain('"--force-confdef"');
	});
});

describeFull("PUID, PGID, UMASK and TZ", (variant) => {
	const command = [
		"sh",
		"-c",
		"stat -c 'config %u:%g' /config; setuser abc sh -c 'id -u; id -g; umask $UMASK; umask'; date -d 2024-07-01 +%z; cat /etc/timezone || :",
	];
	const seen = async (environment: Record<string, string>) => {
		const { stdout, stderr, code } = await run(variant.tag, { command, environment });
		expect(code).toBe(0);
		const lines = stdout.split("\n");
		const words = lines
			.slice(lines.findIndex((line) => line.startsWith("config ")))
			.filter((line) => !line.startsWith("cron["));
		return { words: words.join(" ").trim(), stderr };
	};

	test("unset, leave the user as the image has it", async () => {
		expect((await seen({})).words).toMatch(/^config 911:911 911 911 0022 \+0000/);
	});

	test("are what the user and the clock have", async () => {
		const { words } = await seen({ PUID: "1234", PGID: "77", UMASK: "002", TZ: "Europe/Berlin" });
		expect(words).toBe("config 1234:77 1234 77 0002 +0200 Europe/Berlin");
	});

	test("may be root's", async () => {
		expect((await seen({ PUID: "0", PGID: "0" })).words).toMatch(/^config 0:0 0 0 0022 /);
	});

	test("are named and left out where they mean nothing", async () => {
		const { words, stderr } = await seen({
			...{ PUID: "-1", PGID: "users", UMASK: "rw", TZ: "../../etc/passwd" },
		});
		expect(words).toMatch(/^config 911:911 911 911 0022 /);
		for (const name of ["PUID", "PGID", "UMASK", "TZ"])
			expect(stderr).toMatch(new RegExp(`10_app_user: ${name} is no `));
	});

	test("do no harm where nothing can be written, and to those who are not root", async () => {
		const environment = { PUID: "5", TZ: "Europe/Berlin" };
		const closed = await run(variant.tag, {
			command: ["echo", "ran"],
			environment,
			host: { ReadonlyRootfs: true },
		});
		expect(closed.stdout).toContain("ran\n");
		expect(closed.stderr).toContain("cannot be written: abc stays as it is");
		expect(closed.code).toBe(0);
		const other = await run(variant.tag, {
			command: ["id", "-u"],
			environment,
			create: { User: "10001" },
		});
		expect(other.stdout).toContain("10001\n");
		expect(other.code).toBe(0);
	});
});
