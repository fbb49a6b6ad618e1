import { describe, expect, test } from "vitest";
import { endsWithExec, isOneCommand } from "../../../init/src/explain/shell_text.ts";

describe("endsWithExec()", () => {
	test.each([
		"exec app",
		"exec app\n\n# the end\n",
		"set -e\nexec sleep \\\n  1\n",
		'exec\t"$@"',
		'if [ "$1" = app ]; then\n  exec app\nelse\n  exec other\nfi\n',
		'case "$1" in\na) exec app ;;\nesac',
		"cd / && exec sleep 1",
		"cd /; exec app >/dev/null 2>&1",
		"exec app 2>&1",
		'exec python3 -c "a;b"',
		"exec app # comment; not a command",
	])("%j", (script) => {
		expect(endsWithExec(script)).toBe(true);
	});

	test.each([
		"app",
		"",
		"# exec app",
		"exec 2>&1",
		"exec >log",
		"exec app | tee log",
		"exec app &",
		"exec app &\nwait",
		"exec app || true",
		'echo "\nexec app"',
		"echo '; exec app'",
		"exec",
		"executable app",
	])("not %j", (script) => {
		expect(endsWithExec(script)).toBe(false);
	});
});

describe("isOneCommand()", () => {
	test.each(["app", "app -x 2>&1", 'python3 -c "a;b"', "app;", "app \\\n -x", " app\n"])(
		"%j",
		(script) => {
			expect(isOneCommand(script)).toBe(true);
		},
	);

	test.each(["a; b", "a && b", "a | b", "a &", "a\nb", ""])("not %j", (script) => {
		expect(isOneCommand(script)).toBe(false);
	});
});
