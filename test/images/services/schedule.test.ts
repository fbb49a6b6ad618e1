// A job that the clock starts, in every image that has a shell.
import { describe, expect, test } from "vitest";
import { until } from "../../process/support/until.ts";
import { type BuiltForTest, buildImage } from "../support/build.ts";
import { start } from "../support/container.ts";
import { describeVariants } from "../support/variants.ts";
import { statusOf } from "./stack.ts";

const MINUTE_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
const JOB = `command = ["sh", "-c", "echo run at second $(date +%S); exit 3"]
schedule = "* * * * *"
log = { format = "prefix" }`;
/** Each run of it outlasts the next start. */
const LONG_JOB = `command = ["sh", "-c", "echo begun as $$; exec sleep 1000"]
schedule = "* * * * *"
log = { format = "prefix" }`;

// All of them wait for the same minute.
describe.concurrent("by the clock", () =>
	describeVariants("a scheduled service", ({ tag }) => {
		test("starts with the minute, and its last result is kept", {
			timeout: 2 * MINUTE_MS,
		}, async ({ onTestFailed }) => {
			await using image = await buildJobs(tag, { job: JOB });
			await using container = await start(image.tag, {
				command: ["sleep", "1000"],
				onTestFailed,
			});
			await container.shell("initctl wait --timeout 10s");
			await container.output.contains(/^job \| run at second 0\d$/m, 1.5 * MINUTE_MS);
			const { exitCode, nextMs, pid } = await until("the end of the run", async () => {
				const status = await statusOf(container, "job");
				return status.state === "scheduled" && status;
			});
			expect(pid).toBe(0);
			expect(exitCode).toBe(3);
			expect(nextMs).toBeGreaterThan(MINUTE_MS / 2);
			expect(nextMs).toBeLessThanOrEqual(MINUTE_MS);
		});

		test("starts beside its last run where it may, and a stop ends all runs", {
			timeout: 3 * MINUTE_MS,
		}, async ({ onTestFailed }) => {
			const jobs = { alone: LONG_JOB, beside: `${LONG_JOB}\nallow_overlap = true` };
			await using image = await buildJobs(tag, jobs);
			await using container = await start(image.tag, {
				command: ["sleep", "1000"],
				onTestFailed,
			});
			await container.shell("initctl wait --timeout 10s");
			await container.output.contains(
				/^beside \| begun as \d+\n[\s\S]*^beside \| begun/m,
				2.5 * MINUTE_MS,
			);
			const begun = [...container.output.text.matchAll(/^(\w+) \| begun as (\d+)$/gm)];
			const pidsOf = (job: string) =>
				begun.filter(([, name]) => name === job).map(([, , pid]) => pid);
			const [alone, first, second] = [...pidsOf("alone"), ...pidsOf("beside")];
			expect(begun).toHaveLength(3);
			expect(await container.shell(`cat /proc/${first}/comm /proc/${second}/comm`)).toBe(
				"sleep\nsleep\n",
			);
			const { code, stderr, afterMs } = await container.stop();
			expect(code).toBe(143);
			expect(afterMs).toBeLessThan(STOP_LIMIT_MS);
			expect(stderr).toContain(`Shutting down alone (PID ${alone})...\n`);
			expect(stderr).toContain(`Shutting down beside (PID ${second})...\n`);
			expect(stderr).toContain(`... and its PID ${first}\n`);
			expect(stderr).not.toContain("did not shut down in time");
		});
	}));

/** The image with these services, which have been checked. */
function buildJobs(base: string, jobs: Readonly<Record<string, string>>): Promise<BuiltForTest> {
	const files = Object.entries(jobs).map(
		([name, text]) => `COPY <<"END" /etc/my_init/services/${name}.toml\n${text}\nEND\n`,
	);
	return buildImage(`FROM ${base}\n${files.join("")}RUN initctl check\n`);
}
