// Before the tests of the host command: its executable for this machine, packed when a source is newer, and an engine.
import { buildCli } from "../../scripts/build-cli.ts";
import { binaryFile } from "../../scripts/build-images.ts";
import { NPM_ARCHIVE } from "../../scripts/cli/npm-package.ts";
import { executableOf } from "../../scripts/cli/pack.ts";
import { isNative, TARGETS } from "../../scripts/cli/targets.ts";
import { type Engine, ensureEngine } from "../../scripts/engine/engine.ts";
import { platforms } from "../../scripts/platforms.ts";
import { isNewer, isUpToDate } from "../../scripts/up-to-date.ts";

const SOURCES = [
	"cli",
	"scripts/cli",
	"package.json",
	"package-lock.json",
	"LICENSE",
	"THIRD-PARTY-NOTICES.md",
];
/** What is packed into it and is no file of git. */
const BINARIES = platforms.map(binaryFile);

export default async function setUp(): Promise<() => Promise<void>> {
	// Where none can be had, each test that needs one says so.
	const engine: Engine | undefined = await ensureEngine().catch(() => undefined);
	const targets = TARGETS.filter(isNative);
	const fresh = await Promise.all(
		targets.map(async (target) => {
			const executable = executableOf(target);
			const outdated = await Promise.all(BINARIES.map((binary) => isNewer(binary, executable)));
			const files = [executable, NPM_ARCHIVE];
			const fresh = await Promise.all(files.map((file) => isUpToDate(file, SOURCES)));
			return !outdated.includes(true) && !fresh.includes(false);
		}),
	);
	await buildCli(targets.filter((_, index) => !fresh[index]));
	return async () => {
		if (engine?.startedHere) await engine.stop();
	};
}
