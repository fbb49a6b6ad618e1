// setuser and initctl env, with real users: of the machine where it has root, of the own namespace elsewhere.
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import { describeInit } from "./support/suite.ts";

const PASSWD = "root:x:0:0::/root:/bin/sh\nbroken\napp:x:12345:12346::/home/app:/bin/sh\n";
const GROUP = "root:x:0:\napp:x:12346:\nextra:x:12347:app,other\n";
const FILES = { passwd: PASSWD, group: GROUP };
const SHOW_IDS = "echo $(id -u) $(id -g) $(id -G)";
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
		expect(other.stderr).toContain(
			'cannot become "root" (uid 0, gid 0): not permitted (EPERM) to uid 12345, gid 12346; it takes root',
		);
	});

	test.each([
		["app", 0, 0],
		["app", 12347, 0],
		["app:app", 12346, 0],
		["12345:12347", 12347, 0],
		["app:app", 12347, 1],
		["app:extra", 12346, 1],
	])("not as root: %s with the group %d ends with %d", async (whom, group, code) => {
		using image = new Image(binary, FILES);
		const exec = `exec setpriv --reuid 12345 --regid ${group} --clear-groups "$MY_INIT" "$@"`;
		const ended = await image.run(["as", "setuser", whom, "sh", "-c", SHOW_IDS], { exec });
		expect(ended).toMatchObject({ code, stdout: code === 0 ? `12345 ${group} ${group}\n` : "" });
	});

	test("root without capabilities: oneself yes, others no", async () => {
		using image = new Image(binary, FILES);
		const exec = 'exec setpriv --bounding-set=-all --inh-caps=-all "$MY_INIT" "$@"';
		const own = await image.run(["as", "setuser", "root", "id", "-u"], { exec });
		expect(own).toMatchObject({ code: 0, stdout: "0\n", stderr: "" });
		const other = await image.run(["as", "setuser", "app", "id", "-u"], { exec });
		expect(other).toMatchObject({ code: 1, stdout: "" });
		expect(other.stderr).toContain("it takes root with CAP_SETUID and CAP_SETGID");
	});

	test.each([
		["a FIFO", "mkfifo FILE"],
		["a folder", "mkdir FILE"],
		["a device", "ln -s /dev/zero FILE"],
		["a terminal that is not there", "ln -s /dev/tty FILE"],
	])("%s in place of passwd or group is named, and does not block", async (_what, make) => {
		for (const [name, reason] of [
			["passwd", 'cannot look up user "app": /etc/passwd is no regular file'],
			["group", 'cannot look up groups of "app": /etc/group is no regular file'],
		] as const) {
			using image = new Image(binary, FILES);
			const before = `rm /etc/${name}; ${make.replace("FILE", `/etc/${name}`)}`;
			const named = await image.run(["as", "setuser", "app", "true"], { before });
			expect(named.code).toBe(1);
			expect(named.stderr).toContain(reason);
			const numbers = ["as", "setuser", "5:6", "sh", "-c", "echo $HOME"];
			expect(await image.run(numbers, { before })).toMatchObject({ code: 0, stdout: "/\n" });
		}
	});

	test.each([
		["a file of 8 MiB", PASSWD.padStart(8_388_608, "#:\n"), 0, ""],
		["a larger file", PASSWD.padStart(8_388_609, "#:\n"), 1, "/etc/passwd has more than 8 MiB"],
		["a line of nearly 1 MiB", PASSWD.padStart(600_000, "é:"), 0, ""],
		["a longer line", `${":".repeat(8_000_000)}\n${PASSWD}`, 1, "or a line of more than 1 MiB"],
		["zeros", `${"\0".repeat(1_000_000)}\n${PASSWD}`, 0, ""],
		["eight million empty lines", "\n".repeat(8_000_000) + PASSWD, 0, ""],
	])("passwd is %s", async (_what, passwd, code, reason) => {
		using image = new Image(binary, { ...FILES, passwd });
		const ended = await image.run(["as", "setuser", "app", "true"]);
		expect(ended.code).toBe(code);
		expect(ended.stderr).toContain(reason);
	});

	test.each([
		["as many groups as a process may have, some twice", 65_535, 0, "65536\n"],
		["one more", 65_536, 1, ""],
	])("%s", async (_what, count, code, stdout) => {
		const lines = Array.from({ length: count }, (_, i) => `g:x:${i * 65_536 + 7}:x,app\n`).join("");
		using image = new Image(binary, { ...FILES, group: `${lines}${lines.slice(0, 900)}` });
		const ended = await image.run(["as", "setuser", "app", "sh", "-c", "id -G | wc -w"]);
		expect(ended).toMatchObject({ code, stdout });
		if (code === 1) expect(ended.stderr).toContain("more groups than the 65536 that Linux lets a ");
	});

	test.each([
		["", 'there is no user "" in /etc/passwd; add it there, or give a number'],
		["a\nb\x1b[m", 'there is no user "a\\x0ab\\x1b[m" in /etc/passwd'],
		["é", 'there is no user "\\xc3\\xa9" in /etc/passwd'],
		["\napp", 'there is no user "\\x0aapp" in /etc/passwd'],
		["-1", 'there is no user "-1" in /etc/passwd'],
		["4294967295", 'there is no user "4294967295" in /etc/passwd'],
		["99999999999999999999", 'there is no user "99999999999999999999" in /etc/passwd'],
		["broken", 'there is no user "broken" in /etc/passwd'],
		["app:", 'there is no group "" in /etc/group; add it there, or give a number'],
		["app:root:x", 'there is no group "root:x" in /etc/group'],
	])("the user %j is refused", async (whom, reason) => {
		using image = new Image(binary, FILES);
		const { code, stderr } = await image.run(["as", "setuser", whom, "true"]);
		expect(code).toBe(1);
		expect(stderr).toContain(reason);
	});

	test("a search in PATH goes on past a script whose interpreter is not there", async () => {
		using image = new Image(binary, {
			...FILES,
			"a/cmd": { script: "#!/no/such\n" },
			"b/cmd": { script: "#!/bin/sh\necho b\n" },
			"c/cmd": "echo c\n",
		});
		const search = (path: string) =>
			image.run(["as", "setuser", "app", "cmd"], {
				exec: `PATH=${path.replaceAll("@", "/etc/")} exec "$MY_INIT" "$@"`,
			});
		expect(await search("@a:@b")).toMatchObject({ code: 0, stdout: "b\n", stderr: "" });
		expect(await search("@a:@c:@b")).toMatchObject({ code: 0, stdout: "b\n", stderr: "" });
		expect(await search("@a:@c")).toMatchObject({ code: 126 });
		const alone = await search("@a");
		expect(alone.code).toBe(127);
		expect(alone.stderr).toContain('cannot start "/etc/a/cmd": the interpreter in its #! line');
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
