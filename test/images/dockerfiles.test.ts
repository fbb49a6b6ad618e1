// Every Dockerfile of the repository passes the engine's own checks and ours.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkDockerfiles, textProblems, warningsOf } from "../../scripts/check-dockerfiles.ts";
import { docker } from "../../scripts/engine/docker.ts";
import { type Engine, ensureEngine } from "../../scripts/engine/engine.ts";

/** The first that know of build checks. */
const LEAST_BUILDX = [0, 15];
const LEAST_ENGINE = [27, 0];

const engine = await ensureEngine();
const report = await checkDockerfiles(engine);
const tooOld = await whyTooOld(engine);

describe("the check of Dockerfiles", () => {
	test("finds those of all images and of the init", () => {
		const files = report.files.map(({ file }) => file);
		const images = ["alpine", "centos", "debian", "ubuntu", "files", "init"];
		expect(files).toEqual(
			expect.arrayContaining([
				...images.map((name) => `images/${name}/Dockerfile`),
				"init/Dockerfile",
				"examples/node-app/Dockerfile",
			]),
		);
	});

	test.for(report.files)("finds nothing wrong with $file", ({ problems }) => {
		expect(problems).toEqual([]);
	});

	test("has run the engine's checks", ({ skip }) => {
		skip(tooOld !== undefined, tooOld);
		expect(report.skipped).toBeUndefined();
	});

	test("shows what the engine's checks find in a bad one", async ({ skip }) => {
		skip(tooOld !== undefined, tooOld);
		const bad = 'FROM scratch AS Bad\nENV PASSWORD=123\nCMD exec app "$UNKNOWN"\n';
		const [warnings = ""] = await warningsIn(bad);
		expect(warnings).toContain("StageNameCasing");
		expect(warnings).toContain("JSONArgsRecommended");
		expect(warnings).toContain("SecretsUsedInArgOrEnv");
		expect(await warningsIn('FROM scratch AS good\nCMD ["app"]\n')).toEqual([]);
	});

	test("finds a line that would have every build fetch a frontend", () => {
		const text = "# syntax=docker/dockerfile:1\nFROM scratch\n";
		expect(textProblems(text, undefined)).toEqual([expect.stringMatching(/^has a syntax line: /)]);
	});

	test("finds another base than docker-bake.hcl names", () => {
		const text = "ARG BASE=debian:12\nFROM $BASE\n";
		expect(textProblems(text, "debian:12")).toEqual([]);
		expect(textProblems(text, "debian:13")).toEqual([
			"names the base debian:12, docker-bake.hcl names debian:13; make them equal",
		]);
	});
});

async function warningsIn(dockerfile: string): Promise<string[]> {
	const folder = await mkdtemp(join(tmpdir(), "baseimage-ts-test-"));
	try {
		await writeFile(join(folder, "Dockerfile"), dockerfile);
		return await warningsOf(engine, folder, "scratch");
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Why there are no build checks; undefined when there should be. */
async function whyTooOld(engine: Engine): Promise<string | undefined> {
	const found = [
		["buildx", LEAST_BUILDX, await docker(engine, "buildx", "version")],
		["Docker", LEAST_ENGINE, await docker(engine, "version", "--format", "{{.Server.Version}}")],
	] as const;
	const old = found.filter(([, least, version]) => isBelow(version, least));
	if (old.length === 0) return undefined;
	const words = old.map(([name, least, version]) => `${name} ${least.join(".")} (here ${version})`);
	return `build checks need ${words.join(" and ")}`;
}

function isBelow(version: string, [leastMajor = 0, leastMinor = 0]: readonly number[]): boolean {
	const [, major, minor] = /(\d+)\.(\d+)\./.exec(version) ?? [];
	if (major === undefined) return false;
	if (Number(major) !== leastMajor) return Number(major) < leastMajor;
	return Number(minor) < leastMinor;
}
