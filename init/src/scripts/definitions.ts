// A script of its own: initctl's verbs that read the definitions of services.
import { runVerb } from "../definitions/verbs.ts";
import type { ProgramScript } from "../kernel/kernel.ts";

export const runDefinitions: ProgramScript = (kernel, _name, first) => runVerb(kernel, first);

globalThis.script = runDefinitions;
