import { describe, expect, test } from "vitest";
import { linesFor, parseMap } from "../../scripts/hot-functions/sections.ts";

const MAP = `
 .text.discarded
                0x0000000000000000       0x10 /tmp/a.o
 .text.startup.main
                0x0000000008000300       0x80 /tmp/x.ltrans0.o
 .text.short    0x0000000008000200       0x40 /tmp/x.ltrans0.o
                0x0000000008000210                inner
 .text.wait.constprop.0
                0x0000000008000240       0x20 /tmp/x.ltrans0.o
 .text          0x0000000008000400       0x31 /lib/libc.a(memcpy.lo)
 .text.empty    0x0000000008000500        0x0 /tmp/x.ltrans0.o
 .rodata.short  0x0000000008000600       0x40 /tmp/x.ltrans0.o
`;

describe("parseMap()", () => {
	test("finds the sections of code that lie somewhere, by their address", () => {
		expect(parseMap(MAP).map(({ name, object, bytes }) => [name, object, bytes])).toEqual([
			[".text.short", "x.ltrans0.o", 0x40],
			[".text.wait.constprop.0", "x.ltrans0.o", 0x20],
			[".text.startup.main", "x.ltrans0.o", 0x80],
			[".text", "memcpy.lo", 0x31],
		]);
	});
});

describe("linesFor()", () => {
	const sections = parseMap(MAP);

	test("names each section once, in the order of the addresses", () => {
		expect(linesFor(sections, [0x8000410, 0x8000200, 0x800023f, 0x8000401])).toEqual([
			"*memcpy.lo(.text)",
			"*(.text.short .text.short.* .rodata.short .rodata.short.lto_priv.?)",
		]);
	});

	test("leaves out what the compiler has added to a name, but keeps the kind of a section", () => {
		expect(linesFor(sections, [0x8000240, 0x8000300])).toEqual([
			"*(.text.wait .text.wait.* .rodata.wait .rodata.wait.lto_priv.?)",
			"*(.text.startup.main .text.startup.main.* .rodata.main .rodata.main.lto_priv.?)",
		]);
	});

	test("skips addresses outside of all of them", () => {
		expect(linesFor(sections, [0x8000100, 0x8000600, 0])).toEqual([]);
	});
});
