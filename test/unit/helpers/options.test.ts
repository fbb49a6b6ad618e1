import { describe, expect, test } from "vitest";
import { addressesOf, isAddress } from "../../../init/src/helpers/await/hosts.ts";
import { readAwaitOptions } from "../../../init/src/helpers/await/options.ts";
import { readLogOptions } from "../../../init/src/helpers/log/options.ts";

describe("initctl await", () => {
	test.each([
		[["tcp", "127.0.0.1:80"], { kind: "tcp", host: "127.0.0.1", port: 80 }],
		[["tcp", "[::1]:5432"], { kind: "tcp", host: "::1", port: 5432 }],
		[["unix", "/run/x"], { kind: "unix", path: "/run/x" }],
		[["file", "--odd"], { kind: "file", path: "--odd" }],
		[["http", "http://localhost"], { kind: "http", host: "localhost", port: 80, path: "/" }],
		[["http", "http://[::1]:8080/a?b#c"], { kind: "http", host: "::1", port: 8080, path: "/a?b" }],
		[["exec", "true"], { kind: "exec", word: 1 }],
		[["exec", "--", "-x"], { kind: "exec", word: 2 }],
	])("%j", (words, wanted) => {
		expect(readAwaitOptions(words)).toEqual({ isOnce: false, timeoutMs: 60_000, wanted });
	});

	test("has a timeout in milliseconds, or with a unit", () => {
		expect(readAwaitOptions(["--once", "--timeout", "250", "file", "/x"])).toMatchObject({
			...{ isOnce: true, timeoutMs: 250 },
		});
		expect(readAwaitOptions(["--timeout", "2s", "exec", "--", "x", "--once"])).toMatchObject({
			...{ isOnce: false, timeoutMs: 2_000, wanted: { word: 4 } },
		});
	});

	test.each([
		[[], "KIND is tcp, unix, file, http or exec"],
		[["udp", "x"], "KIND is"],
		[["tcp"], "tcp needs HOST:PORT"],
		[["tcp", "host"], "tcp needs HOST:PORT"],
		[["tcp", ":80"], "tcp needs HOST:PORT"],
		[["tcp", "::1:80"], "tcp needs HOST:PORT"],
		[["tcp", "[::1]"], "tcp needs HOST:PORT"],
		[["tcp", "[::1]x:80"], "tcp needs HOST:PORT"],
		[["tcp", "[::1:80"], "tcp needs HOST:PORT"],
		[["tcp", "h:0"], "tcp needs HOST:PORT"],
		[["tcp", "h:65536"], "tcp needs HOST:PORT"],
		[["tcp", "h:1", "h:2"], "one word too many"],
		[["unix"], "unix needs a path"],
		[["file", ""], "file needs a path"],
		[["exec"], "exec needs a command"],
		[["exec", "--"], "exec needs a command"],
		[["http", "https://h/"], "http needs http://HOST"],
		[["http", "http:///x"], "http needs http://HOST"],
		[["http", "http://u@h/"], "http needs http://HOST"],
		[["http", "http://h/a b"], "http needs http://HOST"],
		[["http", "http://h/\r\nX: y"], "http needs http://HOST"],
		[["--timeout", "x", "file", "/x"], "--timeout takes milliseconds"],
		[["--timeout"], "--timeout takes milliseconds"],
		[["--twice", "file", "/x"], "unknown option"],
	])("%j: %s", (words, text) => {
		expect(readAwaitOptions(words)).toMatch(text);
	});

	test("finds names in /etc/hosts as hosts(5) has them", () => {
		const hosts = "127.0.0.1 localhost\n10.0.0.1\tdb  DB.example # cache\n# 10.0.0.2 db\n::5 db\n";
		expect(addressesOf("Db", hosts)).toEqual(["10.0.0.1", "::5"]);
		expect(addressesOf("db.EXAMPLE", hosts)).toEqual(["10.0.0.1"]);
		expect(addressesOf("cache", hosts)).toEqual([]);
		expect(addressesOf("localhost", hosts)).toEqual(["127.0.0.1"]);
		expect(addressesOf("localhost", "")).toEqual(["127.0.0.1", "::1"]);
	});

	test.each([
		["127.0.0.1", true],
		["::1", true],
		["1.2.3", false],
		["1.2.3.256", false],
		["1.2..3", false],
		["a.b.c.d", false],
		["localhost", false],
	])("isAddress(%s): %s", (host, is) => {
		expect(isAddress(host)).toBe(is);
	});
});

describe("initctl log", () => {
	test("takes its options behind the format", () => {
		expect(readLogOptions(["web", "json"])).toEqual({
			...{ name: "web", format: "json", file: "", maxSize: 0, maxFiles: 0 },
		});
		const words = ["web", "none", "--max-files", "3", "--file", "/f", "--max-size", "1000"];
		expect(readLogOptions(words)).toEqual({
			...{ name: "web", format: "none", file: "/f", maxSize: 1_000, maxFiles: 3 },
		});
	});

	test.each([
		[[], "NAME has 1 to 128 printable characters"],
		[["a\nb", "json"], "NAME has"],
		[["x".repeat(129), "json"], "NAME has"],
		[["web"], "FORMAT is prefix, json, none"],
		[["web", "xml"], "FORMAT is"],
		[["web", "none"], "FORMAT none is for a file"],
		[["web", "json", "--file"], "--file"],
		[["web", "json", "--file", ""], "--file"],
		[["web", "json", "--max-size", "-1"], "--max-size -1"],
		[["web", "json", "--max-files", "1001"], "--max-files 1001"],
		[["web", "json", "extra", "word"], "extra word"],
	])("%j: %s", (words, text) => {
		expect(readLogOptions(words)).toMatch(text);
	});
});
