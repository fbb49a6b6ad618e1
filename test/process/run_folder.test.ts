// Where the sockets lie: the first folder that can be written to. Who asks finds the same one, and so does who says that it is ready.
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import { describeInit, isMissing } from "./support/suite.ts";

const NOTIFY = `import os, socket, time
path = os.environ["NOTIFY_SOCKET"]; print(path, flush=True)
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", path)
time.sleep(1000)`;
/** A socket that nobody listens at any more. */
const STALE = `python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/run/my_init/control")'`;

/** The machine's /tmp has the binary, and may have folders of others. */
const OWN_TMP = `cp "$MY_INIT" /mnt/my_init; MY_INIT=/mnt/my_init; mount -t tmpfs -o mode=1777 none /tmp`;
const READ_ONLY_RUN = "mount -o remount,ro /run";
const READ_ONLY_SHM = "mount -o remount,ro /dev/shm";
const AS_NOBODY = 'exec setpriv --reuid 65534 --regid 65534 --clear-groups "$MY_INIT" "$@"';

const PLACES = [
	["/run/my_init", "all can be written to", "", ""],
	["/run/my_init", "it is there already", "mkdir /run/my_init", ""],
	["/dev/shm/my_init", "/run is read-only", READ_ONLY_RUN, ""],
	["/tmp/my_init", "/run and /dev/shm are read-only", `${READ_ONLY_RUN}; ${READ_ONLY_SHM}`, ""],
	[
		"/dev/shm/my_init",
		"/run/my_init is there and read-only, for the definitions that are mounted there",
		`mkdir -p /run/my_init/services; ${READ_ONLY_RUN}`,
		"",
	],
	[
		"/tmp/my_init",
		"/run/my_init and /dev/shm/my_init are there and read-only",
		`mkdir /run/my_init /dev/shm/my_init; ${READ_ONLY_RUN}; ${READ_ONLY_SHM}`,
		"",
	],
	[
		"/dev/shm/my_init",
		"a socket has been left in a read-only /run/my_init",
		`mkdir /run/my_init; ${STALE}; ${READ_ONLY_RUN}`,
		"",
	],
	["/dev/shm/my_init", "/run/my_init is anybody's", "mkdir -m 1777 /run/my_init", ""],
	["/dev/shm/my_init", "/run/my_init leads elsewhere", "ln -s /mnt /run/my_init", ""],
	["/dev/shm/my_init", "/run/my_init is root's, and we are not", "mkdir /run/my_init", AS_NOBODY],
	[
		"/dev/shm/my_init",
		"/run/my_init is ours, and not to be written to",
		"mkdir -m 0555 /run/my_init; chown 65534 /run/my_init",
		AS_NOBODY,
	],
] as const;

describeInit("the folder of the sockets", (binary) => {
	test.skipIf(isMissing("python3")).each(PLACES)("is %s where %s", async (place, _, how, exec) => {
		using image = new Image(binary, {
			"my_init/services/app.toml": `command = ["python3", "-c", '''${NOTIFY}''']
ready = "sd_notify"
`,
		});
		const { stdout, stderr, code } = await image.run(
			["sh", "-c", `ls ${place}; "$MY_INIT" as initctl status | grep -o "^app *running"`],
			{ before: `${OWN_TMP}; ${how}`, ...(exec === "" ? {} : { exec }) },
		);
		expect({ stdout, stderr: code === 0 ? "" : stderr }).toEqual({
			stdout: `${place}/notify/app\ncontrol\nnotify\napp   running\n`,
			stderr: "",
		});
		expect(stderr).not.toContain("*** warning");
	});
});
