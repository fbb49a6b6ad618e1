// `baseimage doctor` and `graft` on images as they are in the wild: what was found is in docs/doctor.md.
import { beforeAll, beforeEach, describe, test } from "vitest";
import { RECORDED } from "../../scripts/doctor/page.ts";
import { baseimage, buildZoo, HEALTHY, imageOf, tryImage, ZOO } from "../../scripts/doctor/zoo.ts";
import { findTestEngine, type TestEngine } from "./support/engine.ts";

const LONG = process.env["LONG"] === "1";
/** The largest and the smallest; with LONG=1 all. */
const UNGRAFTED = ["postgres", "distroless"];
const BUILD_LIMIT_MS = 900_000;
const LIMIT_MS = 180_000;

let found: Awaited<ReturnType<typeof findTestEngine>> = { reason: "not looked for yet" };

beforeAll(async () => {
	found = await findTestEngine();
	if ("engine" in found) await buildZoo(found.engine, LONG);
}, BUILD_LIMIT_MS);

beforeEach(({ skip }) => {
	if ("reason" in found) skip(found.reason);
});

function engine(): TestEngine {
	if ("reason" in found) throw new Error(found.reason);
	return found;
}

async function idOf(image: string): Promise<string> {
	return (await engine().connection.client.getImage(image).inspect()).Id;
}

describe("doctor --run before graft, after it, and ungraft", () => {
	test.concurrent.for(ZOO)("$name", { timeout: LIMIT_MS }, async (animal, { expect, skip }) => {
		skip(animal.isLong === true && !LONG, "its packages take minutes; set LONG=1");
		const { env, connection } = engine();
		const image = imageOf(animal);
		const row = RECORDED.rows.find(({ name }) => name === animal.name);
		expect(await tryImage(env, image, animal.file)).toEqual(row?.before);

		const grafted = `${image}-grafted`;
		expect(await baseimage(env, "graft", image, "--tag", grafted)).toMatchObject({ exitCode: 0 });
		const after = await tryImage(env, grafted, animal.file);
		expect(after).toEqual(row?.after);
		expect(after).toMatchObject({ exitCode: 0, stop: expect.stringMatching(/^SIG/) });

		if (LONG || UNGRAFTED.includes(animal.name)) {
			// Without the original, only what the grafted image holds can give it back.
			const original = await idOf(image);
			await connection.client.getImage(image).remove();
			expect(await baseimage(env, "ungraft", grafted)).toMatchObject({ exitCode: 0 });
			expect(await idOf(image)).toBe(original);
		}
		await connection.client.getImage(grafted).remove();
	});
});

describe("doctor --run has no objection to a healthy image", () => {
	test.concurrent.for(HEALTHY)(
		"$image",
		{ timeout: LIMIT_MS },
		async ({ image, args }, { expect }) => {
			const { env } = engine();
			const answer = await baseimage(
				env,
				"doctor",
				"--run",
				"--fail-on",
				"note",
				image,
				"--",
				...args,
			);
			expect(answer.exitCode, answer.stdout).toBe(0);
		},
	);
});
