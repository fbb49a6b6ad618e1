// Before the tests of the host command: its executable for this machine, packed when a source is newer.
import { buildCli } from "../../scripts/build-cli.ts";
import { executableOf } from "../../scripts/cli/pack.ts";
import { isNative, TARGETS } from "../../scripts/cli/targets.ts";
import { isUpToDate } from "../../scripts/up-to-date.ts";

const SOURCES = ["cli", "scripts/cli", "package.json", "package-lock.json"];

export default async function setUp(): Promise<void> {
	const targets = TARGETS.filter(isNative);
	const fresh = await Promise.all(
		targets.map((target) => isUpToDate(executableOf(target), SOURCES)),
	);
	await buildCli(targets.filter((_, index) => !fresh[index]));
}
