// runit's services, which the init reads as they are, but for finish and log.
import { type Imported, nothingImported } from "../model.ts";
import { readServiceFolder } from "../s6/service-folder.ts";
import type { SourceTree } from "../source/tree.ts";

const SERVICES = "/etc/service";

export async function importRunit(tree: SourceTree): Promise<Imported> {
	const imported = nothingImported();
	for (const name of await tree.list(SERVICES)) {
		const path = `${SERVICES}/${name}`;
		// As runsvdir(8) finds them.
		if (name.startsWith(".") || (await tree.kindOf(path)) !== "folder") continue;
		const { service, problems } = await readServiceFolder(tree, path, "runit");
		if (service !== undefined) imported.services.push(service);
		imported.problems.push(...problems);
	}
	return imported;
}
