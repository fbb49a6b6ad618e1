import { describe, expect, test } from "vitest";
import { openLog } from "../../../init/src/log/log.ts";
import { readOptions, readVariables } from "../../../init/src/options/read_options.ts";
import { defaultSettings } from "../../../init/src/options/settings.ts";
import { World } from "../../simulation/world.ts";

function read(...given: string[]) {
	const { kernel } = new World({ arguments: given });
	const settings = defaultSettings();
	return { request: readOptions(kernel, 1, settings), settings };
}

function readEnvironment(environment: Record<string, string>) {
	const { kernel, machine } = new World({ environment });
	const settings = defaultSettings();
	readVariables(kernel, openLog(kernel, "warning"), settings);
	const said = machine.facts.filter((fact) => fact.type === "wrote").map(({ bytes }) => bytes);
	return { settings, said: said.join("") };
}

describe("readOptions()", () => {
	test.each([
		[["app"], 1],
		[["app", "--stop-timeout", "1s"], 1],
		[["--", "app"], 2],
		[["--", "--app"], 2],
		[["--stop-timeout", "1s", "app"], 3],
		[["--stop-timeout=1s", "app"], 2],
		[["--stop-timeout=1s", "--", "app", "--"], 3],
		[["-"], 1],
		[[""], 1],
		[["--", ""], 2],
		[["--", "--"], 2],
	])("finds the command in %o at %i", (given, command) => {
		expect(read(...given).request).toBe(command);
	});

	test.each([[[]], [["--"]], [["--stop-timeout=1s"]], [["--stop-timeout=1s", "--"]]])(
		"finds no command in %o",
		(given) => {
			expect(read(...given).request).toBe(0);
		},
	);

	test("sets what the options say; the last one wins", () => {
		const { settings } = read(
			...["--stop-timeout", "1s", "--stop-timeout=2s"],
			...["--stop-on", "QUIT", "--log-level=debug", "app"],
		);
		expect(settings).toEqual({
			...defaultSettings(),
			...{ stopTimeoutMs: 2_000, stopOn: [3], logLevel: "debug" },
		});
	});

	test("leaves options of the command to the command", () => {
		const { settings } = read("app", "--stop-timeout=1s", "--help");
		expect(settings).toEqual(defaultSettings());
	});

	test.each([
		["-h", "help"],
		["--help", "help"],
		["--version", "version"],
	])("understands %s", (argument, kind) => {
		expect(read(argument, "--nonsense").request).toEqual({ kind });
	});

	test.each([
		[["--nonsense"], "unknown option --nonsense"],
		[["-x"], "unknown option -x"],
		[["-stop-timeout=1s"], "unknown option -stop-timeout"],
		[["---stop-timeout=1s"], "unknown option ---stop-timeout"],
		[["--stop-timeou=1s"], "unknown option --stop-timeou"],
		[["--stop-timeouts=1s"], "unknown option --stop-timeouts"],
		[["--=x"], "unknown option --"],
		[["--\x1b[2J\n"], "unknown option --\\x1b[2J\\x0a"],
		[
			["--stop-timeout"],
			"--stop-timeout needs a value: expected a duration of at most 7 days such as 500ms, 9s or 1m30s (a bare number is seconds)",
		],
		[
			["--stop-on="],
			'--stop-on: "" is not valid: expected names of signals that can be caught, separated by commas, such as TERM,INT,RTMIN+3',
		],
		[
			["--log-level", "lou\nd"],
			'--log-level: "lou\\x0ad" is not valid: expected one of error, warning, notice, info, debug',
		],
		[
			["--stop-timeout", "--", "app"],
			'--stop-timeout: "--" is not valid: expected a duration of at most 7 days such as 500ms, 9s or 1m30s (a bare number is seconds)',
		],
	])("refuses %o", (given, text) => {
		expect(read(...given).request).toEqual({ kind: "usage-error", text });
	});
});

describe("readVariables()", () => {
	test("takes over every variable", () => {
		const { settings, said } = readEnvironment({
			...{ INIT_STOP_TIMEOUT: "1m", INIT_STOP_ON: "USR1,QUIT", INIT_LOG_LEVEL: "error" },
		});
		expect(settings).toEqual({
			...defaultSettings(),
			...{ stopTimeoutMs: 60_000, stopOn: [10, 3], logLevel: "error" },
		});
		expect(said).toBe("");
	});

	test("takes an empty variable for none", () => {
		const { settings, said } = readEnvironment({ INIT_STOP_TIMEOUT: "" });
		expect(settings).toEqual(defaultSettings());
		expect(said).toBe("");
	});

	test("warns once about a bad one, keeps the default, and reads the others", () => {
		const { settings, said } = readEnvironment({
			...{ INIT_STOP_TIMEOUT: "soon\x07", INIT_LOG_LEVEL: "debug" },
		});
		expect(settings).toEqual({ ...defaultSettings(), logLevel: "debug" });
		expect(said).toBe(
			'*** warning: INIT_STOP_TIMEOUT="soon\\x07" is ignored: expected a duration of at most 7 days such as 500ms, 9s or 1m30s (a bare number is seconds)\n',
		);
	});
});
