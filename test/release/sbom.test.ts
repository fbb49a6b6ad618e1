// The SBOMs of a release against what the package managers in the images say of themselves.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { machinePlatform } from "../../scripts/platforms.ts";
import { LAYOUTS } from "../../scripts/release/build.ts";
import { readAttestation, readLayout } from "../../scripts/release/layout.ts";
import { context, docker, imageOf } from "./support.ts";

/** Prints each package and its version, as the manager knows them; 99 where it is not there. */
const QUERIES = [
	[
		"debian",
		`command -v dpkg-query > /dev/null || exit 99; dpkg-query -W -f '\${Package} \${Version}\\n'`,
	],
	[
		"centos",
		"command -v rpm > /dev/null || exit 99; rpm -qa --qf '%{NAME} %{VERSION}-%{RELEASE}\\n'",
	],
	[
		"alpine",
		"command -v apk > /dev/null || exit 99; apk list -I 2> /dev/null | sed 's/ .*//; s/-\\([^-]*-r[0-9]*\\)$/ \\1/'",
	],
] as const;
const OWN = ["baseimage-ts", "quickjs", "musl", "smol-toml"];

describe.for(QUERIES)("the SBOM of %s", ([name, query]) => {
	test("has every package that its package manager has, and what lies in the binary", async ({
		skip,
	}) => {
		const { digest } = imageOf(name);
		const image = `${context.repository}@${digest}`;
		const asked = await docker(["run", "--rm", "--network=none", image, "sh", "-c", query]);
		skip(asked.exitCode === 99, "the stand-in base has no package manager");
		expect(asked.exitCode, asked.all).toBe(0);
		const installed = asked.stdout.split("\n").filter((line) => line !== "");
		skip(installed.length === 0, "the stand-in base has no package by this manager");
		const listed = await packagesIn(name);
		expect(listed).toEqual(expect.arrayContaining(installed));
		const own = listed.filter((line) => OWN.includes(line.split(" ", 1)[0] ?? ""));
		expect(own.length).toBeGreaterThanOrEqual(OWN.length);
		expect(listed.length).toBe(installed.length + OWN.length);
	});
});

async function packagesIn(name: (typeof QUERIES)[number][0]): Promise<string[]> {
	const layout = await readLayout(join(LAYOUTS, name));
	const { platform } = machinePlatform();
	const own = layout.platforms.find((candidate) => candidate.platform === platform);
	const statement = await readAttestation(layout, own?.digest ?? "", "https://spdx.dev/Document");
	const { packages }: { packages: { name: string; versionInfo?: string }[] } = JSON.parse(
		JSON.stringify(statement?.["predicate"] ?? { packages: [] }),
	);
	return packages
		.filter(({ versionInfo }) => versionInfo !== undefined)
		.map((entry) => `${entry.name} ${entry.versionInfo}`);
}
