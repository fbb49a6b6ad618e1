// What ours does otherwise than its peers, on purpose. The test demands each row to be true and none to be missing;
// docs/drop-in.md is written from them (npm run docs).
import { CATATONIT_DIFFERENCES } from "./catatonit_differences.ts";
import type { Difference } from "./difference.ts";
import { DUMB_INIT_DIFFERENCES } from "./dumb_init_differences.ts";
import { TINI_DIFFERENCES } from "./tini_differences.ts";

export const DIFFERENCES: readonly Difference[] = [
	...TINI_DIFFERENCES,
	...DUMB_INIT_DIFFERENCES,
	...CATATONIT_DIFFERENCES,
];
