// How rootless Podman is called: the machine's, or one that is unpacked and lies over /usr and /etc for its own
// processes only. The machine is not changed, nor the user's own images and containers.
import { readdirSync, readFileSync } from "node:fs";
import { appendFile, chmod, chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { readDistribution } from "../../../scripts/engine/distribution.ts";
import { enginePaths } from "../../../scripts/engine/paths.ts";
import { signalProcess } from "../../../scripts/engine/processes.ts";
import { findProgram, unpackOwnRelease } from "../../../scripts/engine/toolchain.ts";

const PACKAGES = ["podman", "conmon", "runc", "uidmap"];

/** Who runs it where the tests run as root. Every Debian has it. */
const USER = { name: "nobody", id: 65_534 };

const CONTAINERS_CONF = "containers/containers.conf";

/** In Podman's own /etc. An engine on the machine may use other numbers for the same user. */
const SETTINGS = {
	subuid: `${USER.name}:100000:65536\n`,
	subgid: `${USER.name}:100000:65536\n`,
	"containers/storage.conf": '[storage]\ndriver = "overlay"\n',
	"containers/policy.json": '{ "default": [{ "type": "insecureAcceptAnything" }] }\n',
	[CONTAINERS_CONF]: '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n',
};
/** crun refuses a mixture of both versions of control groups. */
const RUNTIME = 'runtime = "runc"\n';

/** Arguments: the lower folders of /usr (none: as it is) and of /etc, the user's number and home, then Podman's own. */
const WITH_OWN_FOLDERS = `set -e
	usr=$1 etc=$2 id=$3 home=$4
	shift 4
	[ -z "$usr" ] || mount -t overlay -o "ro,lowerdir=$usr:/usr" overlay /usr
	mount -t overlay -o "ro,lowerdir=$etc:/etc" overlay /etc
	cd "$home"
	exec setpriv --reuid="$id" --regid="$id" --clear-groups env -i \\
		PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" XDG_RUNTIME_DIR="$home/run" \\
		podman "$@"`;

/** Where Podman notes the process that keeps its user namespace. */
function pauseFile(home: string): string {
	return join(home, "tmp", "pause.pid");
}

/** Podman's own containers.conf, read at each of its calls; undefined where it uses the user's. */
export function containersConf(home: string): string | undefined {
	return process.getuid?.() === 0 ? join(home, "etc", CONTAINERS_CONF) : undefined;
}

/** The command that Podman's own arguments follow, with all of its folders in `home`. @throws why there is none. */
export async function podmanCommand(home: string): Promise<readonly string[]> {
	return [
		...[...(await podman(home)), "--log-level=error", "--root", join(home, "root")],
		...["--runroot", join(home, "runroot"), "--tmpdir", dirname(pauseFile(home))],
	];
}

/** Ends all processes of the Podman whose folders lie in `home`, and removes those. */
export async function removePodman(home: string, command: readonly string[]): Promise<void> {
	const [file = "", ...own] = command;
	const run = (...args: string[]) => execa(file, [...own, ...args], { reject: false });
	await run("rm", "--all", "--force", "--time=0");
	const pause = await readFile(pauseFile(home), "utf8").catch(() => "");
	// Where we are not root, only the user namespace has the right to remove what is in it.
	if (process.getuid?.() !== 0) {
		await run("unshare", "rm", "-rf", ...["root", "runroot"].map((name) => join(home, name)));
	}
	if (pause !== "") await execa("kill", ["-KILL", pause.trim()], { reject: false });
	// The monitor of what was executed through the service waits five minutes before it cleans up.
	for (const pid of processesOf(home)) signalProcess(pid, "SIGKILL");
	await rm(home, { recursive: true, force: true });
}

/**
 * Of those of Podman, each has the folder in its command line, or as its HOME: a clean-up that comes after the end of all
 * containers starts one more that keeps the user namespace.
 */
function processesOf(folder: string): number[] {
	const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	return pids.map(Number).filter((pid) => {
		try {
			const [program = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
			const isPodmans = ["conmon", "podman"].includes(basename(program));
			if (!isPodmans) return false;
			const environment = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
			return (
				environment.includes(`HOME=${folder}`) || args.some((arg) => arg.startsWith(`${folder}/`))
			);
		} catch {
			return false; // It has ended meanwhile.
		}
	});
}

async function podman(home: string): Promise<readonly string[]> {
	const installed = findProgram("podman");
	if (process.getuid?.() === 0) return await asUser(home, installed !== undefined);
	if (installed === undefined) throw new Error("it is not installed, and only root can unpack it");
	return [installed];
}

/** Podman as somebody who is not root, in a mount namespace where it looks installed and set up. */
async function asUser(home: string, isInstalled: boolean): Promise<string[]> {
	const tree = isInstalled ? undefined : await unpacked();
	const etc = join(home, "etc");
	await mkdir(join(etc, "containers"), { recursive: true });
	for (const [name, text] of Object.entries(SETTINGS)) await writeFile(join(etc, name), text);
	if (tree !== undefined || findProgram("runc") !== undefined) {
		await appendFile(join(etc, CONTAINERS_CONF), RUNTIME);
	}
	const run = join(home, "run");
	await mkdir(run, { mode: 0o700 });
	for (const folder of [home, run]) await chown(folder, USER.id, USER.id);
	await chmod(home, 0o755);
	const [usr, lower] =
		tree === undefined ? ["", etc] : [join(tree, "usr"), `${etc}:${join(tree, "etc")}`];
	return [
		...["unshare", "--mount", "--propagation", "private", "sh", "-c", WITH_OWN_FOLDERS, "sh"],
		...[usr, lower, String(USER.id), home],
	];
}

async function unpacked(): Promise<string> {
	const id = (await readDistribution())?.id ?? "";
	if (!["debian", "ubuntu"].includes(id)) {
		throw new Error("it is not installed, and it is unpacked on Debian and Ubuntu only");
	}
	return await unpackOwnRelease(enginePaths(), PACKAGES);
}
