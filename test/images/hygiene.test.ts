// What linters of images look at, for every image, over what it adds to its base.
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { BuiltImage } from "../../scripts/build-images.ts";
import { type BuiltForTest, buildImage } from "./support/build.ts";
import { start } from "./support/container.ts";
import { engine } from "./support/engine.ts";
import { filesOf, type ImageFiles } from "./support/files.ts";
import { CONFIG_RULES, FILE_RULES, type Rule, type Subject } from "./support/hygiene.ts";
import { Processes } from "./support/processes.ts";
import { anyVariant, describeFull, describeVariants, titleOf } from "./support/variants.ts";

const ORPHANS = 50;
const RULES = [...FILE_RULES, ...CONFIG_RULES];

/** What packages of the full images bring, and what for. */
const WITH_OTHER_RIGHTS: Readonly<Record<string, string>> = {
	"usr/bin/crontab: 2755": "users' tables lie in a folder of the group crontab",
	"usr/bin/ssh-agent: 2755": "no other program of the same user may look into its memory",
	"usr/lib/openssh/ssh-keysign: 4755": "reads host keys for host-based logins, which are off",
};

const IMAGES: readonly Pick<BuiltImage, "name" | "tag" | "base" | "standin">[] = [
	...inject("variants"),
	...inject("fullVariants"),
	inject("initImage"),
	{ name: "extras", tag: "baseimage-ts:extras", base: "scratch", standin: false },
];

describe.each(IMAGES.map((image) => ({ ...image, title: titleOf(image) })))(
	"$title",
	({ name, tag, base }) => {
		let subject: Subject;

		beforeAll(async () => {
			subject = await subjectOf(tag, base);
		});

		test.each(RULES)("$name", ({ find }) => {
			const isKnown = find === FILE_RULES[0]?.find && name.endsWith("-full");
			expect(find(subject).toSorted()).toEqual(isKnown ? Object.keys(WITH_OTHER_RIGHTS) : []);
		});
	},
);

/** For each rule what is done to an image, and what the rule says of it then. */
const FAULTS: readonly (readonly [rule: Rule | undefined, line: string, found: string[]])[] = [
	[FILE_RULES[0], "RUN touch /f && chmod 6755 /f", ["f: 6755"]],
	[
		FILE_RULES[1],
		"RUN touch /w && chmod 666 /w && mkdir -m 777 /d && mkdir -m 1777 /good",
		["d: folder 777 0:0", "w: file 666 0:0"],
	],
	[
		FILE_RULES[2],
		"RUN mkdir -p /var/lib/apt/lists /var/cache/apk && touch /var/lib/apt/lists/l /var/cache/apk/c",
		["var/cache/apk/c", "var/lib/apt/lists/l"],
	],
	[
		FILE_RULES[3],
		"RUN mkdir -p /app/.git && touch /tmp/t /app/.git/HEAD /app/Dockerfile /etc/subuid-",
		["app/.git/HEAD", "app/Dockerfile", "etc/subuid-", "tmp/t"],
	],
	[
		FILE_RULES[4],
		"RUN mkdir -p /var/log && echo l > /var/log/l && touch /var/log/e",
		["var/log/l"],
	],
	[
		FILE_RULES[5],
		"RUN mkdir -p /var/lib/dbus && echo 1 > /etc/machine-id && touch /var/lib/dbus/machine-id",
		["etc/machine-id"],
	],
	[
		FILE_RULES[6],
		"RUN touch /root/.netrc && echo '-----BEGIN EC PRIVATE KEY-----' > /k && echo 'an -----BEGIN PRIVATE KEY-----' > /words",
		["k", "root/.netrc"],
	],
	[FILE_RULES[7], "RUN touch /o /g && chown 4711 /o && chgrp 4712 /g", ["g: 0:4712", "o: 4711:0"]],
	[FILE_RULES[8], "RUN touch -d '2099-01-01 00:00:00' /n", ["n: 2099-01-01T00:00:00.000Z"]],
	[FILE_RULES[9], "RUN echo 'guest::20000:0:99999:7:::' >> /etc/shadow", ["etc/shadow: guest"]],
	[
		FILE_RULES[10],
		"RUN echo 'toor:*:0:0::/root:/bin/sh' >> /etc/passwd && echo 'root:x:4713:' >> /etc/group",
		["etc/group: root", "etc/passwd: 0"],
	],
	[CONFIG_RULES[0], "STOPSIGNAL SIGKILL", ["STOPSIGNAL SIGKILL"]],
	[CONFIG_RULES[1], "ENV DB_PASSWORD=x PATH=/bin:.:/usr/bin", ["DB_PASSWORD", 'PATH has "."']],
	[
		CONFIG_RULES[2],
		"EXPOSE 80\nVOLUME /data\nUSER 1\nONBUILD RUN true",
		["EXPOSE 80/tcp", "ONBUILD RUN true", "USER 1", "VOLUME /data"],
	],
	[CONFIG_RULES[3], "LABEL org.opencontainers.image.title=", ["org.opencontainers.image.title"]],
];

describe("an image with every fault", () => {
	const { tag, base } = anyVariant();
	let bad: BuiltForTest;
	let subject: Subject;

	beforeAll(async () => {
		// Dates come last: a later RUN would give a folder a new one.
		const lines = FAULTS.map(([, line]) => line);
		bad = await buildImage(`FROM ${tag}\nUSER root\n${lines.join("\n")}`);
		subject = await subjectOf(bad.tag, base);
	});

	afterAll(async () => {
		await bad?.[Symbol.asyncDispose]();
	});

	test("breaks every rule that there is", () => {
		expect(FAULTS.map(([rule]) => rule?.name)).toEqual(RULES.map(({ name }) => name));
	});

	test.each(FAULTS.map(([rule, , found]) => ({ rule, name: rule?.name, found })))(
		"is named by: $name",
		({ rule, found }) => {
			expect(rule?.find(subject).toSorted()).toEqual(found);
		},
	);
});

describeVariants("USER app", ({ ours }) => {
	test("reaps and stops", () => expectToWorkAs("app", ours));
});

describeFull("USER app", ({ ours }) => {
	test("reaps and stops", () => expectToWorkAs("app", ours));
});

/** In an image with README's lines for a user. */
async function expectToWorkAs(user: string, image: string): Promise<void> {
	const line = `command -v useradd > /dev/null && useradd -r ${user} || adduser -S ${user}`;
	await using built = await buildImage(`FROM ${image}\nRUN ${line}\nUSER ${user}`);
	await using container = await start(built.tag, {
		command: ["/actors/orphans", String(ORPHANS), "1"],
		create: { OpenStdin: true },
		ready: ["adopted"],
	});
	expect(await container.shell("id -un")).toBe(`${user}\n`);
	const processes = await Processes.of(container);
	const orphans = await processes.orphans("orphans", ORPHANS);
	await container.typeLine();
	expect(await processes.zombiesAfter(orphans)).toEqual({ ofThem: 0, inAll: 0 });
	expect((await container.stop()).code).toBe(143);
}

async function subjectOf(tag: string, base: string): Promise<Subject> {
	const below: ImageFiles = base === "scratch" ? new Map() : await filesOf(base);
	const { Config } = await engine.client.getImage(tag).inspect();
	return { base: below, files: await filesOf(tag), config: Config };
}
