// Makes a bare clone ready: installs the pinned packages when they are missing or stale.
// Plain JavaScript without imports of packages, since it runs on whatever Node.js the machine has.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_NEEDED = [22, 22];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".setup-stamp");
const lock = createHash("sha256")
	.update(readFileSync(join(root, "package-lock.json")))
	.digest("hex");

function installed() {
	return existsSync(stamp) && readFileSync(stamp, "utf8") === lock;
}

/** The version of the Node.js that npm scripts find first: the packaged one where the platform has it. */
function nodeVersion() {
	const packaged = join(modules, ".bin", "node");
	const run = spawnSync(
		existsSync(packaged) ? packaged : process.execPath,
		["-p", "process.versions.node"],
		{
			encoding: "utf8",
		},
	);
	return run.stdout?.trim() ?? "";
}

if (!installed()) {
	process.stderr.write("setup: installing the pinned npm packages (once, about half a minute)…\n");
	const run = spawnSync("npm", ["ci", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
	if (run.status !== 0) {
		process.stderr.write(
			`setup: error: "npm ci" ended with ${run.status ?? run.signal ?? run.error?.message}; see its messages above\n`,
		);
		process.exit(1);
	}
	writeFileSync(stamp, lock);
}

const version = nodeVersion();
const [major = 0, minor = 0] = version.split(".").map(Number);
if (major < NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor < NODE_NEEDED[1])) {
	process.stderr.write(
		`setup: error: Node.js ${NODE_NEEDED.join(".")} or newer is needed, this is ${version}, and no packaged one exists for ${process.platform}-${process.arch}; install a newer Node.js\n`,
	);
	process.exit(1);
}
