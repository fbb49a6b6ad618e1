import { describe, expect, test } from "vitest";
import { exit, sleep, write } from "../../simulation/actor.ts";
import { directory, plainFile, program, type SimulatedFile } from "../../simulation/files.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

const FOLDER = "/etc/container_environment";
const OURS_S = 8_377;

type Files = Record<string, SimulatedFile>;

function run(
	files: Files,
	options: WorldOptions = {},
): Run & { readonly files: World["machine"]["files"] } {
	const world = new World({
		...{ main: [sleep(5)], environment: { PATH: "/bin", HOME: "/root", X: "of docker" } },
		...options,
		files: { [FOLDER]: directory(), ...files },
	});
	const result = world.run();
	return { ...result, files: world.machine.files };
}

/** What the last program that was started found in its environment. */
function environmentOf({ facts }: Run): Record<string, string> {
	const executed = facts.filter((fact) => fact.type === "executed").at(-1);
	const entries = executed?.environment ?? [];
	return Object.fromEntries(
		entries.map((entry) => [
			entry.slice(0, entry.indexOf("=")),
			entry.slice(entry.indexOf("=") + 1),
		]),
	);
}

function file(result: ReturnType<typeof run>, name: string): string | undefined {
	return result.files.find(name.startsWith("/") ? name : `${FOLDER}/${name}`)?.bytes;
}

describe("the container environment", () => {
	test("a file is a variable, less one newline; what is set already wins", () => {
		const result = run({
			[`${FOLDER}/A`]: plainFile("of file\n"),
			[`${FOLDER}/TWO`]: plainFile("line\n\n"),
			[`${FOLDER}/X`]: plainFile("of file\n"),
			[`${FOLDER}/CRLF`]: plainFile("x\r\n"),
			[`${FOLDER}/EMPTY`]: plainFile(""),
			[`${FOLDER}/HOME`]: plainFile("/never\n"),
		});
		expect(environmentOf(result)).toEqual({
			...{ PATH: "/bin", HOME: "/root", X: "of docker" },
			...{ A: "of file", TWO: "line\n", CRLF: "x\r", EMPTY: "" },
		});
		expect(result.stderr).toBe("");
	});

	test("HOME from a file is honoured where nothing else sets it", () => {
		const result = run(
			{ [`${FOLDER}/HOME`]: plainFile("/home/app") },
			{ environment: { PATH: "/bin" } },
		);
		expect(environmentOf(result)["HOME"]).toBe("/home/app");
	});

	test("is written back, without what says who somebody is", () => {
		const result = run({ [`${FOLDER}/A`]: plainFile("of file\n") });
		expect(file(result, "X")).toBe("of docker");
		expect(file(result, "A")).toBe("of file\n");
		expect(file(result, "HOME")).toBeUndefined();
		expect(file(result, "/etc/container_environment.sh")).toBe(
			"export PATH='/bin'\nexport X='of docker'\nexport A='of file'\n",
		);
		expect(JSON.parse(file(result, "/etc/container_environment.json") ?? "")).toEqual({
			...{ PATH: "/bin", X: "of docker", A: "of file", HOME: "/root" },
		});
	});

	test("a script changes what follows by writing, adding and removing files", () => {
		const script = program([
			write(`${FOLDER}/A`, "changed\n"),
			write(`${FOLDER}/NEW`, "several\nlines\n\n"),
			exit(0),
		]);
		const result = run({ [`${FOLDER}/A`]: plainFile("1"), "/etc/my_init.d/10": script });
		expect(environmentOf(result)).toEqual({
			...{ PATH: "/bin", HOME: "/root", X: "of docker" },
			...{ A: "changed", NEW: "several\nlines\n" },
		});
		expect(file(result, "/etc/container_environment.sh")).toContain("export A='changed'\n");
	});

	test("a value that ends with a newline survives the way through its file", () => {
		const result = run(
			{ "/etc/my_init.d/10": program([exit(0)]) },
			{ environment: { PATH: "/bin", KEY: "-----END-----\n" } },
		);
		expect(environmentOf(result)["KEY"]).toBe("-----END-----\n");
	});

	test("variables of an earlier start do not return, those that somebody has written since do", () => {
		const earlier = { ...plainFile("earlier"), modifiedS: OURS_S };
		const result = run({
			[`${FOLDER}/GONE`]: earlier,
			[`${FOLDER}/X`]: earlier,
			[`${FOLDER}/THEIRS`]: plainFile("theirs"),
		});
		expect(environmentOf(result)).toMatchObject({ X: "of docker", THEIRS: "theirs" });
		expect(environmentOf(result)["GONE"]).toBeUndefined();
		expect(file(result, "GONE")).toBeUndefined();
		expect(result.files.find(`${FOLDER}/X`)).toMatchObject({
			bytes: "of docker",
			modifiedS: OURS_S,
		});
	});

	test.each([
		["A=B", "1", "no variable can have a name with ="],
		["NUL", "a\0b", "no variable can hold a NUL byte"],
		["LONG", "x".repeat(131_067), "a variable is at most 131071 bytes long, with its name"],
		["LONGER", "x".repeat(200_000), "a variable is at most 131071 bytes long, with its name"],
	])("%s is left out, and said", (name, bytes, why) => {
		const result = run({ [`${FOLDER}/${name}`]: plainFile(bytes) });
		expect(result).toMatchObject({ exitCode: 0 });
		expect(result.stderr).toBe(`*** warning: ${FOLDER}/${name} is left out: ${why}\n`);
		expect(Object.keys(environmentOf(result))).toHaveLength(3);
	});

	test("the longest value that execve takes is passed on", () => {
		const result = run({ [`${FOLDER}/LONG`]: plainFile(`${"x".repeat(131_066)}\n`) });
		expect(environmentOf(result)["LONG"]).toHaveLength(131_066);
		expect(result.stderr).toBe("");
	});

	test("folders and what leads nowhere are no variables, names that no shell has are", () => {
		const result = run({
			[`${FOLDER}/folder/x`]: plainFile("1"),
			[`${FOLDER}/folder`]: directory(),
			[`${FOLDER}/2.fast`]: plainFile("1"),
		});
		expect(environmentOf(result)).toMatchObject({ "2.fast": "1" });
		expect(Object.keys(environmentOf(result))).not.toContain("folder");
		expect(file(result, "/etc/container_environment.sh")).not.toContain("2.fast");
	});

	test("where nothing can be written, all is read, and nothing is said", () => {
		const result = run(
			{ [`${FOLDER}/A`]: plainFile("1"), "/etc/my_init.d/10": program([exit(0)]) },
			{ isReadOnly: true, options: ["--quiet"] },
		);
		expect(environmentOf(result)).toMatchObject({ A: "1", X: "of docker", HOME: "/root" });
		expect(result.stderr).toBe("");
		expect(file(result, "/etc/container_environment.sh")).toBeUndefined();
	});

	test("where nothing can be written, a script does not bring back what was overruled", () => {
		const result = run(
			{
				[`${FOLDER}/X`]: plainFile("of the image"),
				"/etc/my_init.d/10": program([exit(0)]),
				"/etc/my_init.d/20": program([exit(0)]),
			},
			{ isReadOnly: true },
		);
		expect(environmentOf(result)).toMatchObject({ X: "of docker", HOME: "/root", PATH: "/bin" });
	});

	test.each([
		["bytes", 20, "x".repeat(100_000)],
		["files", 4_100, "1"],
	])("too many %s: what is set already stays after a script, too", (_what, count, value) => {
		const many = Object.fromEntries(
			Array.from({ length: count }, (_, i) => [`${FOLDER}/A${i + 10_000}`, plainFile(value)]),
		);
		const result = run({ ...many, "/etc/my_init.d/10": program([exit(0)]) });
		expect(environmentOf(result)).toMatchObject({ PATH: "/bin", X: "of docker", HOME: "/root" });
	});

	test("what is left out is said once, however many scripts there are", () => {
		const result = run({
			[`${FOLDER}/A=B`]: plainFile("1"),
			"/etc/my_init.d/10": program([exit(0)]),
			"/etc/my_init.d/20": program([exit(0)]),
		});
		expect(result.stderr.match(/A=B is left out/g)).toHaveLength(1);
	});

	test("secrets reach the command and no file", () => {
		const result = run(
			{ "/run/secret": plainFile("s3cret\n"), "/etc/my_init.d/10": program([exit(0)]) },
			{
				environment: {
					...{ PATH: "/bin", FILE__DB_PASSWORD: "/run/secret", API_TOKEN: "t0ken" },
					INIT_ENV_SECRET: "*_PASSWORD,*_TOKEN",
				},
			},
		);
		expect(environmentOf(result)).toMatchObject({ DB_PASSWORD: "s3cret", API_TOKEN: "t0ken" });
		expect(file(result, "DB_PASSWORD")).toBeUndefined();
		for (const dump of ["sh", "json"]) {
			expect(file(result, `/etc/container_environment.${dump}`)).not.toMatch(/s3cret|t0ken/);
		}
		expect(result.stderr).not.toMatch(/s3cret|t0ken/);
	});

	test("without the folder secrets are read all the same, and nothing is written", () => {
		const world = new World({
			...{ main: [], environment: { PATH: "/bin", FILE__X: "/run/secret" } },
			files: { "/run/secret": plainFile("s3cret") },
		});
		const result = world.run();
		expect(environmentOf(result)).toMatchObject({ X: "s3cret" });
		expect(world.machine.files.find("/etc/container_environment.sh")).toBeUndefined();
	});

	test("more than 1 MiB: the rest is left out, and said", () => {
		const many = Object.fromEntries(
			Array.from({ length: 20 }, (_, index) => [
				`${FOLDER}/V${index + 10}`,
				plainFile("x".repeat(100_000)),
			]),
		);
		const result = run(many);
		expect(result.exitCode).toBe(0);
		expect(result.stderr).toBe(
			`*** warning: ${FOLDER}/V20 and what follows it is left out: an environment has at most 1048576 bytes\n`,
		);
	});

	test("more than 4,096 files: the others are left out, and said", () => {
		const many = Object.fromEntries(
			Array.from({ length: 4_100 }, (_, index) => [`${FOLDER}/V${index}`, plainFile("1")]),
		);
		const result = run(many);
		expect(result.exitCode).toBe(0);
		expect(result.stderr).toBe(`*** warning: ${FOLDER}: only 4096 of its files are read\n`);
	});
});
