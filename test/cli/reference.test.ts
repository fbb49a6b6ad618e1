import { describe, expect, test } from "vitest";
import { isReference, requireTag } from "../../cli/src/engine/reference.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("isReference()", () => {
	test.each([
		"nginx",
		"nginx:1.27-alpine",
		"library/nginx",
		"localhost/a/b:1",
		"localhost:5000/a/b",
		"Registry.example:443/team/app_x/y--z:T.1",
		"[::1]:5000/a",
		`app@${DIGEST}`,
		`app:1@${DIGEST}`,
		DIGEST,
		"4f53cda18c2b",
	])("%s names an image", (text) => expect(isReference(text)).toBe(true));

	test.each([
		"",
		" ",
		"UPPER",
		"a b",
		"../images/json",
		"a/../b",
		"a//b",
		"/a",
		"a/",
		"a:",
		"a:b:c",
		"a?force=1",
		"a#b",
		"a%2fb",
		"-a",
		"app@sha256:abc",
		`a${"\n"}b`,
	])("%j names none", (text) => expect(isReference(text)).toBe(false));
});

test("requireTag() refuses what a new image cannot be called, and says where it was said", () => {
	requireTag("team/app:1", "--tag");
	for (const text of ["", "UPPER", `app@${DIGEST}`, "a:b:c"]) {
		expect(() => requireTag(text, "--tag")).toThrow(`--tag: no image can be called "${text}"`);
	}
});
