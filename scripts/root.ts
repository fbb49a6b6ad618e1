// The checkout that this script belongs to.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository, without a slash at its end. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
