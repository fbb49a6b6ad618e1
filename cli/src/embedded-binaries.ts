/**
 * The init's binaries inside the packed executable, by the folder of their platform (`linux-arm64`):
 * compressed by Brotli, in base64. From the sources there are none; scripts/cli/bundle.ts puts those
 * that were built in place of this file.
 */
export const EMBEDDED_BINARIES: Readonly<Record<string, string>> = {};

/** The licences that go wherever a binary goes, by the name of their file. */
export const EMBEDDED_NOTICES: Readonly<Record<string, string>> = {};
