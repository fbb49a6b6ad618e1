// The binary in the place of another init: README's lines for it, and the links in the images.
import { describe, expect, inject, test } from "vitest";
import { buildImage } from "./support/build.ts";
import { run, start, type TestContainer } from "./support/container.ts";
import { INIT_IMAGE_IN_README, replacementLine, replacementVariables } from "./support/readme.ts";
import { anyVariant, describeVariants } from "./support/variants.ts";

/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;
const APPLICATION = ["/actors/saver", "app", "300"];
const FINISHED = { code: 0, stdout: "app ready\napp saving\napp saved\n", stderr: "" };
const VERSIONS = {
	tini: /^tini version \d+\.\d+\.\d+\S*_baseimage-ts\n$/,
	"dumb-init": /^dumb-init v\d+\.\d+\.\d+\S*_baseimage-ts\n$/,
	catatonit: /^tini version \d+\.\d+\.\d+\S*_catatonit_baseimage-ts\n$/,
} as const;
const PEERS = ["tini", "dumb-init", "catatonit"] as const;

describeVariants("README's line", ({ plain }) => {
	test.for(PEERS)("for %s puts ours in its place", async (peer) => {
		await using image = await buildImage(dockerfileOf(plain, peer));
		await expectToStandInFor(peer, image.tag);
		const version = await run(image.tag, {
			create: { Entrypoint: [`/usr/bin/${peer}`, "--version"] },
		});
		expect(version.stdout + version.stderr).toMatch(VERSIONS[peer]);
	});
});

describeVariants("a link in the image", ({ ours }) => {
	test.for(PEERS)('lets ENTRYPOINT ["/usr/bin/%s", …] start without a package', async (peer) => {
		await using image = await buildImage(`FROM ${ours}\nENTRYPOINT ["/usr/bin/${peer}", "--"]`);
		await expectToStandInFor(peer, image.tag);
	});

	test("is not where docker run --init mounts the engine's init", async () => {
		const ended = await run(ours, {
			command: ["sh", "-c", "my_init --version"],
			host: { Init: true },
		});
		expect(ended.stdout).toMatch(/^my_init version /);
	});
});

describe("README's variables", () => {
	const shown = replacementVariables().map((setting) => setting.split("="));
	const { plain } = anyVariant();
	const command = ["sh", "-c", "exit 3"];

	test.for(PEERS)("are understood under the name %s", async (peer) => {
		expect(shown.length).toBeGreaterThan(0);
		await using image = await buildImage(dockerfileOf(plain, peer));
		const good = await run(image.tag, { command, environment: Object.fromEntries(shown) });
		expect(good.code).toBe(3);
		expect(good.stderr).not.toContain("INIT_");
		const bad = Object.fromEntries(shown.map(([name]) => [name, "no such value"]));
		const { code, stderr } = await run(image.tag, { command, environment: bad });
		expect(code).toBe(3);
		for (const [name] of shown) expect(stderr).toContain(`${name}`);
	});
});

describe("my_init as", () => {
	test.for(PEERS)("%s is that program", async (peer) => {
		const { stdout, stderr } = await run(inject("initImage").tag, {
			create: { Entrypoint: ["/my_init", "as", peer, "--version"] },
		});
		expect(stdout + stderr).toMatch(VERSIONS[peer]);
	});

	test("pause is that program", async () => {
		const { stdout } = await run(inject("initImage").tag, {
			create: { Entrypoint: ["/my_init", "as", "pause", "-v"] },
		});
		expect(stdout).toMatch(/^pause \d+\.\d+\.\d+\S*_baseimage-ts\n$/);
	});
});

function dockerfileOf(base: string, peer: (typeof PEERS)[number]): string {
	const line = replacementLine(peer).replace(INIT_IMAGE_IN_README, inject("initImage").tag);
	return `FROM ${base}\n${line}\nENTRYPOINT ["/usr/bin/${peer}", "--"]`;
}

/** PID 1 has the name, and the application is stopped as by that init. */
async function expectToStandInFor(name: string, image: string): Promise<void> {
	await using container = await start(image, { command: APPLICATION, ready: ["app ready"] });
	expect(await nameOfPid1(container)).toBe(name);
	const { afterMs, ...ended } = await container.stop();
	expect(ended).toEqual(FINISHED);
	expect(afterMs).toBeLessThan(SOON_MS);
}

async function nameOfPid1(container: TestContainer): Promise<string> {
	return (await container.shell("cat /proc/1/comm")).trim();
}
