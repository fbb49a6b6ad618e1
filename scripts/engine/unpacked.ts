/** Programs that run out of an unpacked tree of packages, with the libraries that lie beside them. */
import { existsSync, readdirSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";

const PROGRAM_FOLDERS = ["usr/sbin", "sbin", "usr/bin", "bin"];

/** Path of the program in the tree. @throws when the tree has none of that name. */
export function programIn(tree: string, name: string): string {
	const found = PROGRAM_FOLDERS.map((folder) => join(tree, folder, name)).find(existsSync);
	if (found === undefined) throw new Error(`the packages unpacked in ${tree} have no ${name}`);
	return found;
}

/** Where programs of the tree find their libraries, extensions of iptables and modules of Perl. */
export function unpackedEnvironment(tree: string): Record<string, string> {
	// Some releases keep a package's libraries in /lib, some in /usr/lib.
	const libraries = [...children(join(tree, "usr/lib")), ...children(join(tree, "lib"))].filter(
		(folder) => folder.includes("-linux-gnu"),
	);
	const perl = [
		join(tree, "usr/share/perl5"),
		...children(join(tree, "usr/share/perl")),
		...libraries.flatMap((folder) => children(join(folder, "perl"))),
		...libraries.flatMap((folder) => children(join(folder, "perl-base"))),
	];
	return {
		LD_LIBRARY_PATH: libraries.join(":"),
		XTABLES_LIBDIR: libraries.map((folder) => join(folder, "xtables")).find(existsSync) ?? "",
		PERL5LIB: perl.filter(existsSync).join(":"),
	};
}

/** Writes `bin/name`, a script that runs `program` of the tree with `args` before its own. */
export async function writeWrapper(
	tree: string,
	bin: string,
	name: string,
	program = name,
	args: readonly string[] = [],
): Promise<void> {
	const settings = Object.entries(unpackedEnvironment(tree))
		.filter(([, value]) => value !== "")
		.map(([variable, value]) => `export ${variable}='${value}'`);
	const command = [`'${programIn(tree, program)}'`, ...args, '"$@"'].join(" ");
	const file = join(bin, name);
	await writeFile(file, `${["#!/bin/sh", ...settings, `exec ${command}`].join("\n")}\n`);
	await chmod(file, 0o755);
}

function children(folder: string): string[] {
	return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
