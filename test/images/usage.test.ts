// The ways in which images are made and run with the init, as README tells them.
import { describe, expect, inject, test } from "vitest";
import { buildImage } from "./support/build.ts";
import { run, start, type TestContainer } from "./support/container.ts";
import { INIT, Processes } from "./support/processes.ts";
import { anyVariant, describeVariants } from "./support/variants.ts";

/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;
/** Finishes its work when TERM comes, and ends with 0. */
const APPLICATION = ["/actors/saver", "app", "300"];
/** Needs longer, and is asked to end when the application has. */
const DAEMON = "/actors/daemonize /actors/saver daemon 900";
const FINISHED = { code: 0, stdout: "app ready\napp saving\napp saved\n", stderr: "" };
const WHO_IS_PID_1 = 'echo "my parent is $PPID: $(cat /proc/1/comm)"';

const initImage = inject("initImage").tag;

describeVariants("a Dockerfile FROM ours", ({ tag, ours }) => {
	test("needs a CMD and nothing else", async () => {
		await using image = await buildImage(`FROM ${tag}
			COPY --from=${ours} /actors/saver /app
			CMD ["/app", "app", "300"]`);
		await using container = await start(image.tag, { ready: ["app ready"] });
		expect(await namesOf(container)).toEqual(["app", INIT]);
		await expectToFinish(container);
	});

	test("can have a CMD in shell form", async () => {
		await using image = await buildImage(`FROM ${tag}
			ENV GREETING="hello  you"
			CMD echo "$GREETING"; ${WHO_IS_PID_1}; exit 42`);
		const stdout = `hello  you\nmy parent is 1: ${INIT}\n`;
		expect(await run(image.tag)).toEqual({ code: 42, stdout, stderr: "" });
	});

	test("can have an ENTRYPOINT that begins with the init", async () => {
		await using image = await buildImage(`FROM ${ours}
			ENTRYPOINT ["/sbin/my_init", "--", "/actors/saver"]
			CMD ["app", "300"]`);
		await using container = await start(image.tag, { ready: ["app ready"] });
		expect(await namesOf(container)).toEqual([INIT, "saver"]);
		await expectToFinish(container);
	});

	test("can have an ENTRYPOINT of the init and a script that ends in exec", async () => {
		const script = `echo prepared=$PREPARED; exec ${APPLICATION.join(" ")}`;
		await using image = await buildImage(`FROM ${ours}
			RUN printf '%s\\n' '#!/bin/sh' 'export PREPARED=yes' 'exec "$@"' > /entrypoint.sh \\
				&& chmod 755 /entrypoint.sh
			ENTRYPOINT ["/sbin/my_init", "--", "/entrypoint.sh"]
			CMD ${JSON.stringify(["sh", "-c", script])}`);
		await using container = await start(image.tag, { ready: ["app ready"] });
		expect(await namesOf(container)).toEqual([INIT, "saver"]);
		const { afterMs, stdout, ...ended } = await container.stop();
		expect(ended).toEqual({ code: 0, stderr: "" });
		expect(stdout).toBe(`prepared=yes\n${FINISHED.stdout}`);
		expect(afterMs).toBeLessThan(SOON_MS);
	});

	test("can have a USER without privileges, whose daemons are waited for, too", async () => {
		const script = `grep -E '^[UG]id:' /proc/1/status; ${DAEMON}; exec ${APPLICATION.join(" ")}`;
		await using image = await buildImage(`FROM ${ours}
			USER 10001:10002
			CMD ${JSON.stringify(["sh", "-c", script])}`);
		await using container = await start(image.tag, { ready: ["app ready", "daemon ready"] });
		const { afterMs, code, stdout, stderr } = await container.stop();
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout).toContain(`Uid:${"\t10001".repeat(4)}\nGid:${"\t10002".repeat(4)}\n`);
		expect(stdout).toContain("app saved\n");
		expect(stdout).toContain("daemon saved\n");
		expect(afterMs).toBeLessThan(SOON_MS);
	});

	test.for([
		["QUIT", 3],
		["WINCH", 28],
	] as const)("can have STOPSIGNAL SIG%s, as web servers do", async ([name, number]) => {
		const other = "/actors/daemonize /actors/listener other 15:0";
		const script = `${other}; exec /actors/listener app ${number}:40`;
		await using image = await buildImage(`FROM ${ours}
			STOPSIGNAL SIG${name}
			CMD ${JSON.stringify(["sh", "-c", script])}`);
		await using container = await start(image.tag, { ready: ["app ready", "other ready"] });
		const { afterMs, code, stdout, stderr } = await container.stop();
		expect({ code, stderr }).toEqual({ code: 40, stderr: "" });
		expect(stdout.match(/^.* got .*$/gm)).toEqual([
			`app got ${number} from 1`,
			"other got 15 from 1",
		]);
		expect(afterMs).toBeLessThan(SOON_MS);
	});
});

describeVariants("docker run", ({ ours }) => {
	test("IMAGE sh -c … runs the command under the init", async () => {
		const command = ["sh", "-c", `${WHO_IS_PID_1}; exit 3`];
		const stdout = `my parent is 1: ${INIT}\n`;
		expect(await run(ours, { command })).toEqual({ code: 3, stdout, stderr: "" });
	});

	test.for(["my_init", "/sbin/my_init"])(
		"IMAGE %s --stop-timeout … takes the options over, and starts no second init",
		async (name) => {
			await using container = await start(ours, {
				command: [name, "--stop-timeout", "1500ms", "--", "/actors/listener", "app"],
				ready: ["app ready"],
			});
			expect(await namesOf(container)).toEqual(["listener", INIT]);
			const { afterMs, code, stdout, stderr } = await container.stop();
			expect({ code, stdout }).toEqual({ code: 137, stdout: "app ready\napp got 15 from 1\n" });
			expect(stderr).toMatch(/^\*\*\* warning: killing PID .* stop budget of 1.5 s\n$/);
			expect(afterMs).toBeLessThan(SOON_MS);
		},
	);
});

describeVariants("the init in the plain base, by COPY --from", ({ plain }) => {
	test("does all that it does in ours", async () => {
		const script = `${DAEMON}; exec ${APPLICATION.join(" ")}`;
		await using image = await buildImage(`FROM ${plain}
			COPY --from=${initImage} /my_init /sbin/my_init
			ENTRYPOINT ["/sbin/my_init", "--"]
			CMD ${JSON.stringify(["sh", "-c", script])}`);
		await using container = await start(image.tag, { ready: ["app ready", "daemon ready"] });
		expect(await namesOf(container)).toEqual([INIT, "saver", "saver"]);
		const { afterMs, code, stdout, stderr } = await container.stop();
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout).toContain("app saved\n");
		expect(stdout).toContain("daemon saved\n");
		expect(afterMs).toBeLessThan(SOON_MS);
	});
});

describe("the init without any base", () => {
	const application = `COPY --from=${anyVariant().ours} /actors/listener /app\nCMD ["/app", "app", "15:7"]`;

	test.for([
		[
			"FROM scratch",
			`FROM scratch\nCOPY --from=${initImage} /my_init /\nENTRYPOINT ["/my_init", "--"]`,
		],
		["FROM the image init", `FROM ${initImage}`],
	] as const)("runs a static program %s", async ([, from]) => {
		await using image = await buildImage(`${from}\n${application}`);
		await using container = await start(image.tag, { ready: ["app ready"] });
		const { afterMs, ...ended } = await container.stop();
		// As PID 1 itself it would have got the signal from 0, outside.
		const stdout = "app ready\napp got 15 from 1\n";
		expect(ended).toEqual({ code: 7, stdout, stderr: "" });
		expect(afterMs).toBeLessThan(SOON_MS);
	});
});

/** The names of all processes in the container, in the order of the alphabet. */
async function namesOf(container: TestContainer): Promise<string[]> {
	const entries = await (await Processes.of(container)).read();
	return entries.map(({ name }) => name).toSorted();
}

async function expectToFinish(container: TestContainer): Promise<void> {
	const { afterMs, ...ended } = await container.stop();
	expect(ended).toEqual(FINISHED);
	expect(afterMs).toBeLessThan(SOON_MS);
}
