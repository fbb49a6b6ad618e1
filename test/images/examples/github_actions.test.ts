// examples/github-actions: judged by GitHub's own parser, and its steps run in the job's container as the runner does.
import { readFile } from "node:fs/promises";
import { describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { start, type TestContainer } from "../support/container.ts";
import { at, isDocument } from "../support/documents.ts";
import { docker } from "../support/engine.ts";
import { BUILD_LIMIT_MS, example } from "../support/examples.ts";
import { Processes } from "../support/processes.ts";
import { workflowProblems } from "../support/workflow.ts";

const NAME = "test.yml";
const SCRIPT = "/tmp/step.sh";
/** What stands for the script's path in the name of a shell. */
const PLACE = "{0}";

const text = await readFile(example("github-actions", ".github", "workflows", NAME), "utf8");
const job = at(parse(text), "jobs", "test");
const shell = String(at(job, "defaults", "run", "shell"));

describe("examples/github-actions", { timeout: BUILD_LIMIT_MS }, () => {
	test("is a workflow that GitHub takes", async () => {
		expect(await workflowProblems(NAME, text)).toEqual([]);
	});

	test("would be refused with a word that it does not know", async () => {
		expect(await workflowProblems(NAME, text.replace("container:", "contaner:"))).toEqual([
			expect.stringContaining("Unexpected value 'contaner'"),
		]);
	});

	test("has steps that leave nothing to the next, which without the init they would", async () => {
		await using container = await startJob();
		for (const script of scripts()) await step(container, shell, script);
		expect(await namesIn(container)).toEqual(["tail"]);

		const bash = shell.slice(shell.indexOf("bash"));
		await step(container, bash, scripts().at(-1) ?? "");
		expect(await namesIn(container)).toContain("busybox");
	});

	test("fails with the script's own exit code", async () => {
		await using container = await startJob();
		const failure = expect.objectContaining({ exitCode: 3 });
		await expect(step(container, shell, "exit 3")).rejects.toEqual(failure);
	});
});

/** The job's container, as the runner starts it, with a network. */
function startJob(): Promise<TestContainer> {
	const debian = inject("variants").find(({ name }) => name === "debian");
	const image = String(at(job, "container", "image")).replace(
		"org/baseimage-ts:debian",
		debian?.tag ?? "",
	);
	return start(image, {
		create: { Entrypoint: ["tail"], WorkingDir: "/tmp" },
		command: ["-f", "/dev/null"],
		port: 8080,
	});
}

/** What the steps run; those that use an action bring the sources only. */
function scripts(): string[] {
	const steps = at(job, "steps");
	if (!Array.isArray(steps)) throw new Error("the job has no steps");
	return steps.flatMap((step: unknown) =>
		isDocument(step) && typeof step["run"] === "string" ? [step["run"]] : [],
	);
}

/** @throws when it fails, with its exit code. */
async function step({ handle }: TestContainer, by: string, script: string): Promise<void> {
	await docker(["exec", "--interactive", handle.id, "sh", "-c", `cat > ${SCRIPT}`], script);
	await docker(["exec", handle.id, ...by.replace(PLACE, SCRIPT).split(" ")]);
}

async function namesIn(container: TestContainer): Promise<string[]> {
	const entries = await (await Processes.of(container)).read();
	return entries.map(({ name }) => name).toSorted();
}
