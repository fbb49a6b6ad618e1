/** How a stranger verifies a release: the commands of docs/verify.md, which a test runs. */

export interface VerifyStep {
	/** What it shows, in a sentence. */
	readonly text: string;
	/** As a shell takes it, with the names of {@link EXAMPLE}. */
	readonly command: string;
	/** What its output must hold. */
	readonly expected: RegExp;
}

/** The names that stand for a reader's own in the commands. */
export const EXAMPLE = {
	repository: "registry.example/org/baseimage-ts",
	/** Digest of the index that the tag `ubuntu` names. */
	digest: "sha256:<digest>",
} as const;

const TAG = `${EXAMPLE.repository}:ubuntu`;

export const verifySteps: readonly VerifyStep[] = [
	{
		text: "Who signed what the tag names now: the holder of the key, and nobody has changed it since.",
		command: `cosign verify --key cosign.pub --insecure-ignore-tlog=true ${TAG}`,
		expected: /"docker-manifest-digest":"sha256:[0-9a-f]{64}"/,
	},
	{
		text: "The digest that the tag names, each platform, and what is attested of each.",
		command: `docker buildx imagetools inspect ${TAG}`,
		expected: /Platform: +linux\/arm64[\s\S]*vnd\.docker\.reference\.type: +attestation-manifest/,
	},
	{
		text: "What is in the image: its SBOM.",
		command: `docker buildx imagetools inspect --format '{{range (index .SBOM "linux/amd64").SPDX.packages}}{{println .name .versionInfo}}{{end}}' ${TAG} | grep -E '^(baseimage-ts|quickjs|musl) '`,
		expected: /^baseimage-ts \d+\.\d+\.\d+$/m,
	},
	{
		text: "How it was built: its provenance.",
		command: `docker buildx imagetools inspect --format '{{json (index .Provenance "linux/amd64").SLSA.buildType}}' ${TAG}`,
		expected: /buildkit|mobyproject/,
	},
	{
		text: "The image itself, by the digest that was verified: whatever the tag names later, this is what you get.",
		command: `docker pull --quiet ${EXAMPLE.repository}@${EXAMPLE.digest}`,
		expected: /@sha256:[0-9a-f]{64}/,
	},
	{
		text: "The files of a release: the checksums are signed, and the files are those.",
		command:
			"cosign verify-blob --key cosign.pub --insecure-ignore-tlog=true --signature SHA256SUMS.sig SHA256SUMS && sha256sum --check --ignore-missing --quiet SHA256SUMS && echo all files are as released",
		expected: /Verified OK[\s\S]*all files are as released/,
	},
];

export interface OwnNames {
	readonly repository: string;
	readonly digest: string;
	/** Path of cosign.pub. */
	readonly key: string;
}

/** The command with a reader's own names in place of the example's. A registry on the loopback has no TLS. */
export function runnable(command: string, { repository, digest, key }: OwnNames): string {
	return command
		.replaceAll(EXAMPLE.repository, repository)
		.replaceAll(EXAMPLE.digest, digest)
		.replaceAll("cosign.pub", key)
		.replaceAll("cosign verify ", "cosign verify --allow-http-registry ");
}
