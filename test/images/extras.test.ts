// The extras of the full images, one by one: added to a lean image, or left out.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { root } from "../../scripts/root.ts";
import { buildImage } from "./support/build.ts";
import { run } from "./support/container.ts";
import { filesOf } from "./support/files.ts";
import { describeFull, describeVariants } from "./support/variants.ts";

const FOLDER = join(root, "images", "extras");

describeFull("an extra", (full) => {
	const lean = full.tag.replace("-full", "");

	test("is added to a lean image by one RUN line", async () => {
		await using image = await buildImage(
			`FROM ${lean}\nRUN --mount=from=baseimage-ts:extras,target=/extras /extras/add folders cron && install_clean 'tree hostname'\nRUN --mount=from=baseimage-ts:extras,target=/extras /extras/add folders`,
		);
		const files = await filesOf(image.tag);
		expect(files.has("etc/service/cron/run")).toBe(true);
		expect(files.has("usr/sbin/cron")).toBe(true);
		expect(files.has("usr/bin/tree")).toBe(true);
		expect(files.get("etc/container_environment")?.shape).toBe("folder 700 0:0");
		expect(files.has("etc/service/sshd")).toBe(false);
		expect([...files.keys()].filter((path) => path.startsWith("extras/"))).toEqual([]);
	});

	test("is left out of a full one by the build argument", async () => {
		const dockerfile = await readFile(join(root, "images", "full", "Dockerfile"), "utf8");
		await using image = await buildImage(dockerfile, [
			`--build-context=lean=docker-image://${lean}`,
			"--build-context=extras=docker-image://baseimage-ts:extras",
			"--build-arg=WITHOUT=app-user,cron,locale,logrotate,sshd,tools",
			"--build-arg=LANG=C.UTF-8",
		]);
		const services = [...(await filesOf(image.tag)).keys()].filter((path) =>
			/^etc\/service\/[^/]+$/.test(path),
		);
		expect(services).toEqual(["etc/service/syslog"]);
		const script = "getent group docker_env; locale charmap";
		const { stdout } = await run(image.tag, { command: ["sh", "-c", script] });
		expect(stdout).toBe("docker_env:x:8377:\nUTF-8\n");
	});
});

describeVariants("an extra", ({ tag }) => {
	test("is refused by an image of another distribution", async ({ skip }) => {
		const { code } = await run(tag, { command: ["sh", "-c", "command -v apt-get"] });
		skip(code === 0, "the base has apt-get");
		await using image = await buildImage(
			`FROM ${tag}\nCOPY --from=baseimage-ts:extras / /extras/\n`,
		);
		const refused = await run(image.tag, { command: ["/extras/add", "cron"] });
		expect(refused.stderr).toContain(
			"add: error: the extras are for Debian and Ubuntu, and this image has no apt-get",
		);
		expect(refused.code).toBe(1);
	});
});

describe("the script that adds them", () => {
	test.each([
		[[], "there is no name"],
		[["--without"], "--without has no value"],
		[["cron", "sshd2", "x"], "there is no extra named sshd2 x"],
		[["--without", "sshd,nginx", "all"], "there is no extra named nginx"],
	])("refuses %j, and names all that there are", async (args, what) => {
		const { exitCode, stderr } = await execa(join(FOLDER, "add"), args, { reject: false });
		expect(stderr).toContain(`add: error: ${what}; write: add `);
		expect(stderr).toContain("app-user apt cron folders locale logrotate sshd syslog tools");
		expect(exitCode).toBe(2);
	});
});
