// What the path of a copied-in probe begins with: nothing else is ever unlinked by it.
export const PROBE_PATH = "/.baseimage-probe-";
