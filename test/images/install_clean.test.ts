// install_clean: packages without a trace of their installation, in every image that has a shell.
import { expect, test } from "vitest";
import { buildImage } from "./support/build.ts";
import { run } from "./support/container.ts";
import { difference, filesOf } from "./support/files.ts";
import { MANAGERS } from "./support/managers.ts";
import { describeVariants, lacks } from "./support/variants.ts";

/** Small, without dependencies, and in every distribution. */
const PACKAGE = "tree";
/** What package managers leave, and an image has no use for. */
const REST = /^var\/(lib\/apt\/lists|cache\/(apt|dnf|yum|apk)|log)\/./;

describeVariants("install_clean", (variant) => {
	test("installs, and leaves no lists, caches and logs", async ({ skip }) => {
		const why = lacks(variant, ...MANAGERS);
		skip(why !== undefined, why);
		await using image = await buildImage(
			`FROM ${variant.tag}\nRUN install_clean ${PACKAGE} && ${PACKAGE} --version`,
		);
		const { added } = difference(await filesOf(variant.tag), await filesOf(image.tag));
		expect(Object.keys(added)).toContain(`usr/bin/${PACKAGE}`);
		expect(Object.keys(added).filter((path) => REST.test(path))).toEqual([]);
	});

	test("fails where a package is not there, and leaves nothing either", async ({ skip }) => {
		const script =
			"command -v apt-get || exit 99; install_clean no-such-package > /dev/null; code=$?; ls -A /var/lib/apt/lists; exit $code";
		const { code, stdout } = await run(variant.tag, {
			command: ["sh", "-c", script],
			host: { NetworkMode: "none" },
		});
		skip(code === 99, "the base has no apt-get");
		expect(code).toBe(100);
		expect(stdout).toBe("/usr/bin/apt-get\n");
	});

	test("leaves no identity that all containers would share, and one that was given", async ({
		skip,
	}) => {
		// systemd makes one while it is installed; this stands for it.
		const manager = "#!/bin/sh\\necho 0123456789abcdef0123456789abcdef > /etc/machine-id";
		const identity = async (before: string) => {
			const script = `command -v apt-get > /dev/null || exit 99
				printf '${manager}' > /usr/bin/apt-get; printf '${before}' > /etc/machine-id
				touch /etc/passwd- /run/adduser; install_clean any
				echo "$(cat /etc/machine-id)."; ls /etc/passwd- /run/adduser`;
			return await run(variant.tag, { command: ["sh", "-c", script] });
		};
		const none = await identity("");
		skip(none.code === 99, "the base has no apt-get");
		expect(none.stdout).toBe(".\n");
		expect((await identity("own")).stdout).toMatch(/^[0-9a-f]{32}\.\n$/);
	});

	test("says how to call it when it is called without a package", async () => {
		const { code, stderr } = await run(variant.tag, { command: ["install_clean"] });
		expect(stderr).toMatch(/install_clean: error: there is no package to install; write: /);
		expect(code).toBe(2);
	});
});
