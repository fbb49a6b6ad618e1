/** Signatures by cosign: with a key file, or keyless with the identity of the workflow that runs. */
import { execa } from "execa";
import { isLoopback } from "./repository.ts";
import { cosign } from "./tools.ts";

/** `key`: a private key of cosign's, whose password is in COSIGN_PASSWORD. `keyless`: by an identity, as a workflow has one. */
export type Signer = { readonly kind: "key"; readonly file: string } | { readonly kind: "keyless" };

/** Signs the index and each manifest in it. @param image NAME@DIGEST. @throws with cosign's own words. */
export async function sign(image: string, signer: Signer): Promise<void> {
	const local = isLoopback(image) ? ["--allow-http-registry"] : [];
	await run(["sign", "--yes", "--recursive", ...local, ...signerOptions(signer), image]);
}

/** Signs a file; the signature, in base64, and for a keyless one its certificate are written beside it. @throws as {@link sign} does. */
export async function signFile(file: string, signer: Signer): Promise<void> {
	const certificate = signer.kind === "keyless" ? ["--output-certificate", `${file}.pem`] : [];
	const output = ["--output-signature", `${file}.sig`, ...certificate];
	await run(["sign-blob", "--yes", ...signerOptions(signer), ...output, file]);
}

/** Makes a key pair, PREFIX.key and PREFIX.pub, with an empty password: for tests and trials. */
export async function makeKeyPair(prefix: string): Promise<void> {
	await run(["generate-key-pair", "--output-key-prefix", prefix]);
}

/** A log that everybody can read is for identities; who has a key trusts the key. */
function signerOptions(signer: Signer): string[] {
	return signer.kind === "key" ? ["--key", signer.file, "--tlog-upload=false"] : [];
}

async function run(args: readonly string[]): Promise<void> {
	const { file, env } = await cosign();
	const result = await execa(file, args, {
		// A password of the environment's goes before the empty one of a key for tests.
		env: { ...env, COSIGN_PASSWORD: process.env["COSIGN_PASSWORD"] ?? "" },
		reject: false,
		all: true,
		stdin: "ignore",
	});
	if (result.exitCode === 0) return;
	throw new Error(`cosign ${args[0]} ended with ${result.exitCode}: ${result.all.trim()}`);
}
