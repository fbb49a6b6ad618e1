// The schema: what is made of it for people and editors says the same as the checker does.
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { NOT_OF_MAIN, OF_CONTAINERS, SERVICE_KEYS } from "../../../init/src/definitions/schema.ts";
import { isProblem, readToml } from "../../../init/src/definitions/toml/read_toml.ts";
import { Table, type Value } from "../../../init/src/definitions/value.ts";
import { duration } from "../../../init/src/options/value_types.ts";
import { GROUPS, servicesPage } from "../../../scripts/services-page.ts";
import { servicesSchema } from "../../../scripts/services-schema.ts";
import { AROUND, EVERY_KEY, SCHEDULED } from "./examples.ts";
import { bytesOf, problems } from "./machine.ts";

const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictTuples: false }).compile(
	servicesSchema(),
);

function plain(value: Value): unknown {
	if (value instanceof Table)
		return Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value)]));
	return Array.isArray(value) ? value.map(plain) : value;
}

/** Whether an editor takes the text for good. */
function isGood(toml: string): boolean {
	const table = readToml("f", bytesOf(toml), false);
	return !isProblem(table) && validate(plain(table));
}

describe("docs/services.schema.json", () => {
	test("takes a service with every key, as the checker does", () => {
		for (const toml of [EVERY_KEY, SCHEDULED]) {
			expect(problems({ web: toml, ...AROUND })).toEqual([]);
			expect(isGood(toml), JSON.stringify(validate.errors)).toBe(true);
		}
		const main = 'service = "web"\n';
		expect(problems({ web: 'command = ["sleep"]', main })).toEqual([]);
		expect(isGood(main), JSON.stringify(validate.errors)).toBe(true);
		const keys = `${EVERY_KEY}${SCHEDULED}${main}`;
		for (const name of Object.keys(SERVICE_KEYS))
			expect(keys).toMatch(new RegExp(`^\\[?${name}\\b`, "m"));
	});

	test.each([
		...['ready = "sd_notify"', "ready.fd = 3", 'ready.exec = ["sleep"]', 'ready.tcp = "a:1"'],
		...["healthcheck.test = 'x'", 'healthcheck.test = ["NONE"]', 'healthcheck.test.file = "/f"'],
		...['healthcheck.test = ["CMD-SHELL", "x"]', "healthcheck.disable = true", "restart = 'no'"],
		...['environment = ["A=1", "B="]', "user = 1000", "stop_signal = 10", 'env_file = "/a.env"'],
		...["log.format = 'none'", "ulimits.nofile = -1", "depends_on = ['db']", "depends_on = []"],
		...[
			"schedule = '@daily'",
			"restart_delay = '.5s'",
			"stop_grace_period = '1.5h2m'",
			"scale = 1",
		],
		...["log = { file = '/l', max_size = 0 }", 'healthcheck.test.exec = "sleep 1"'],
		...["ready = { sd_notify = true, timeout = '5m' }", "healthcheck.test.exec = ['sleep']"],
	])("takes %j as the checker does", (toml) => {
		const text = `command = ["sleep"]\n${toml}\n`;
		expect(problems({ web: text, ...AROUND })).toEqual([]);
		expect(isGood(text), JSON.stringify(validate.errors)).toBe(true);
	});

	test.each([
		...["comand = 1", "user = true", "working_dir = 'x'", "umask = 22", "nice = 20", "tty = true"],
		...[
			"restart = 'alwys'",
			"restart = false",
			"restart_delay = '1d'",
			"scale = 0",
			"critical = 1",
		],
		...["ready = {}", "ready = 'x'", "ready = { fd = 3, tcp = 'a:1' }", "ready.fd = 2", "log = 1"],
		...["log.format = 'x'", "log.x = 1", "healthcheck.x = 1", "healthcheck.test = ['CMD']"],
		...["ready.sd_notify = false", "ready = { sd_notify = true, fd = 3 }", "ready.sd_notify = 1"],
		...["healthcheck.test = 'sd_notify'", "healthcheck.test.sd_notify = true"],
		...["healthcheck.test.fd = 3", "healthcheck.test = { exec = 'sleep', file = '/f' }"],
		...["healthcheck.test = {}", "depends_on = 'db'", "depends_on.db.x = 1", "environment = 1"],
		...["environment = ['A']", "environment.A = true", "ulimits.x = 1", "ulimits.nofile = 'x'"],
		...["schedule = '* *'", "stop_signal = 0", "group_add = 'x'", "env_file = 'x'", "ports = []"],
	])("refuses %j as the checker does", (toml) => {
		const text = `command = ["sleep"]\n${toml}\n`;
		expect(problems({ web: text, ...AROUND })).not.toEqual([]);
		expect(isGood(text)).toBe(false);
	});
});

describe("the schema", () => {
	test("has a default for a key only where it is a value of it", () => {
		for (const { keys } of GROUPS)
			for (const { type, preset } of Object.values(keys))
				if (type === "duration") expect(duration.parse(preset)).toBeGreaterThanOrEqual(0);
				else if (type === "integer" && preset !== "") expect(Number(preset)).not.toBeNaN();
				else if (type === "flag" && preset !== "") expect(["true", "false"]).toContain(preset);
	});

	test("has no key that it says is Compose's for containers", () => {
		for (const name of Object.keys(SERVICE_KEYS)) expect(OF_CONTAINERS).not.toContain(name);
		for (const name of Object.keys(NOT_OF_MAIN)) expect(SERVICE_KEYS).toHaveProperty(name);
	});

	test("is told on the page with every key", () => {
		const page = servicesPage();
		for (const { keys } of GROUPS)
			for (const name of Object.keys(keys)) expect(page).toContain(`\n| \`${name}\` | `);
	});
});
