// setuser and initctl env, with real users: of the machine where it has root, of the own namespace elsewhere.
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import { describeInit } from "./support/suite.ts";

const PASSWD = "root:x:0:0::/root:/bin/sh\nbroken\napp:x:12345:12346::/home/app:/bin/sh\n";
const GROUP = "root:x:0:\napp:x:12346:\nextra:x:12347:app,other\n";
const FILES = { passwd: PASSWD, group: GROUP };
const SHOW = ["sh", "-c", 'id -u; id -g; id -G; echo "$HOME $USER $LOGNAME $UID $SHELL"'];

describeInit("setuser", (binary) => {
	test("changes user, group, supplementary groups and the user's variables", async () => {
		using image = new Image(binary, FILES);
		const { code, stdout, stderr } = await image.run(["as", "setuser", "app", ...SHOW]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout.replace("$UID", "12345")).toBe(
			"12345\n12346\n12346 12347\n/home/app app app 12345 /bin/sh\n",
		);
	});

	test("the command starts with the signals that setuser was started with", async () => {
		using image = new Image(binary, FILES);
		const { stdout } = await image.run([
			"as",
			"setuser",
			"app",
			"grep",
			"-E",
			"^Sig(Blk|Ign)",
			"/proc/self/status",
		]);
		expect(stdout).toBe("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
	});

	test("as the main command it is a child, and PID 1 stays the init", async () => {
		using image = new Image(binary, FILES);
		const command = ["/etc/link/setuser", "app", "sh", "-c", "echo $PPID $(id -u)"];
		const { stdout, code } = await image.run(command, {
			before: 'mkdir /etc/link; ln -s "$MY_INIT" /etc/link/setuser; chmod 0755 /etc/link',
		});
		expect({ stdout, code }).toEqual({ stdout: "1 12345\n", code: 0 });
	});

	test("not as root: oneself yes, others no", async () => {
		using image = new Image(binary, FILES);
		const as = 'exec setpriv --reuid 12345 --regid 12346 --clear-groups "$MY_INIT" "$@"';
		const own = await image.run(["as", "setuser", "12345", "id", "-u"], { exec: as });
		expect(own).toMatchObject({ code: 0, stdout: "12345\n" });
		const other = await image.run(["as", "setuser", "root", "id", "-u"], { exec: as });
		expect(other).toMatchObject({ code: 1, stdout: "" });
		expect(other.stderr).toContain("cannot become root: not permitted (EPERM)");
	});

	test("a FIFO in place of passwd does not block", async () => {
		using image = new Image(binary, FILES);
		const { code, stderr } = await image.run(["as", "setuser", "app", "true"], {
			before: "rm /etc/passwd; mkfifo /etc/passwd",
		});
		expect(code).toBe(1);
		expect(stderr).toContain("there is no user app: /etc/passwd: ");
	});

	test.each([
		[["no-such-command"], 127],
		[["/etc/passwd"], 126],
		[["sh", "-c", "exit 42"], 42],
	])("%j ends with %d", async (command, code) => {
		using image = new Image(binary, FILES);
		expect((await image.run(["as", "setuser", "app", ...command])).code).toBe(code);
	});
});

describeInit("initctl env", (binary) => {
	test("a command finds what scripts have set, also where only the dump can be read", async () => {
		using image = new Image(binary, {
			...FILES,
			"container_environment/A": "of image\n",
			"my_init.d/1": { script: '#!/bin/sh\nprintf "it\'s\\n" >/etc/container_environment/A\n' },
		});
		const asUser = "setpriv --reuid 12345 --regid 12346 --clear-groups";
		const show = `as initctl env sh -c 'echo "[$A]"'`;
		const script = `"$MY_INIT" ${show}; chmod 0700 /etc/container_environment; chgrp 12346 /etc/container_environment.sh
			${asUser} "$MY_INIT" ${show}`;
		const { stdout } = await image.run(["env", "-u", "A", "sh", "-c", script]);
		expect(stdout).toBe("[it's]\n[it's]\n");
	});
});
