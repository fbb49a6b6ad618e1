import { describe, expect, test } from "vitest";
import { isSecret, readSecrets } from "../../../init/src/boot/secrets.ts";
import { Variables } from "../../../init/src/boot/variables.ts";
import { openLog } from "../../../init/src/log/log.ts";
import { directory, plainFile } from "../../simulation/files.ts";
import { World } from "../../simulation/world.ts";

function read(entries: string[], fileVariables: string[] = []) {
	const variables = Variables.of(entries);
	let isAnySet = false;
	const { stderr } = new World({
		files: {
			"/run/secrets/x": plainFile("s3cret\n\n"),
			"/run/secrets/nul": plainFile("a\0b"),
			"/run/secrets/folder": directory(),
			"/run/secrets/long": plainFile("x".repeat(131_072)),
		},
	}).run((kernel) => {
		isAnySet = readSecrets(kernel, openLog(kernel, "warning"), variables, fileVariables);
		return 0;
	});
	return { variables, stderr, isAnySet };
}

describe("readSecrets()", () => {
	test("FILE__X gives X the content, without the last newline", () => {
		const { variables, stderr, isAnySet } = read(["FILE__X=/run/secrets/x"]);
		expect({ x: variables.get("X"), stderr, isAnySet }).toEqual({
			...{ x: "s3cret\n", stderr: "", isAnySet: true },
		});
	});

	test("X_FILE does where the name is listed, and nowhere else", () => {
		const entries = ["X_FILE=/run/secrets/x", "SSL_CERT_FILE=/run/secrets/x"];
		const { variables } = read(entries, ["X", "Y"]);
		expect(variables.get("X")).toBe("s3cret\n");
		expect(variables.has("SSL_CERT")).toBe(false);
		expect(read(entries).isAnySet).toBe(false);
	});

	test.each([
		["/run/secrets/missing", "no such file (ENOENT)"],
		["/run/secrets/folder", "it is no regular file"],
		["/run/secrets/nul", "it holds a NUL byte"],
		["/run/secrets/long", "no variable is that long"],
	])("says why %s cannot be read", (path, why) => {
		const { variables, stderr } = read([`FILE__X=${path}`]);
		expect(variables.has("X")).toBe(false);
		expect(stderr).toBe(`*** warning: FILE__X: ${path} cannot be read into X: ${why}\n`);
	});

	test("what is set stays", () => {
		const { variables, stderr } = read(["X=1", "FILE__X=/run/secrets/x"]);
		expect(variables.get("X")).toBe("1");
		expect(stderr).toBe("*** warning: FILE__X is ignored: X is set as well\n");
	});
});

describe("isSecret()", () => {
	test.each([
		["DB_PASSWORD", "*_PASSWORD"],
		["_PASSWORD", "*_PASSWORD"],
		["TOKEN", "TOKEN"],
		["AWS_SECRET_KEY", "AWS_*_KEY"],
		["AWS__KEY", "AWS_*_KEY"],
		["anything", "*"],
		["aXbXc", "a*b*c"],
	])("%s fits %s", (name, pattern) => {
		expect(isSecret(name, ["NO", pattern])).toBe(true);
	});

	test.each([
		["PASSWORD", "*_PASSWORD"],
		["DB_PASSWORD_FILE", "*_PASSWORD"],
		["AWS_KEY", "AWS_*_KEY"],
		["TOKENS", "TOKEN"],
		["ac", "a*b*c"],
		["aba", "ab*ba"],
		["x", ""],
	])("%s does not fit %s", (name, pattern) => {
		expect(isSecret(name, [pattern])).toBe(false);
	});
});
