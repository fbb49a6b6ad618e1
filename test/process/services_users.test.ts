// Services where PID 1 is root in a user namespace of its own, or the only user that there is: rootless engines.
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import { describeInit } from "./support/suite.ts";

const tell = (name: string, more = ""): string =>
	`command = ["sh", "-c", '''trap 'echo ${name} ends; exit 0' TERM; echo "${name} $(id -u)"; echo >&3; while :; do sleep 0.02; done''']
ready = { fd = 3 }
${more}
`;

const WAYS = [
	["root of a user namespace", 0, 'exec unshare --user --map-root-user -- "$MY_INIT" "$@"'],
	[
		"the one user of a user namespace, who is nobody outside",
		1_000,
		'exec setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user --map-user 1000 --map-group 1000 -- "$MY_INIT" "$@"',
	],
	[
		"root of a user namespace, who is nobody outside",
		0,
		'exec setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user --map-root-user -- "$MY_INIT" "$@"',
	],
] as const;

describeInit("services", (binary) => {
	test.each(WAYS)("of %s start, come back and end in order", async (_, user, exec) => {
		using image = new Image(binary, {
			"my_init/services/web.toml": tell("web", 'depends_on = ["db"]'),
			"my_init/services/db.toml": tell("db"),
		});
		const main = `ctl() { "$MY_INIT" as initctl "$@" || echo "$1: $?"; }
			echo main; ctl signal db KILL; until [ "$("$MY_INIT" as initctl status db | grep -c 'running .* 1  ')" = 1 ]; do sleep 0.02; done; ctl health`;
		const { code, stdout, stderr } = await image.run(["sh", "-c", main], { exec });
		expect({ stdout, stderr: code === 0 ? "" : stderr }).toEqual({
			stdout: `db ${user}\nweb ${user}\nmain\ndb ${user}\nall services are well\nweb ends\ndb ends\n`,
			stderr: "",
		});
	});
});
