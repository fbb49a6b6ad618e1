// What an image must not bring: rules as linters of images have them, each over what the image adds to its base or changes of it.
import type { ImageInspectInfo } from "dockerode";
import type { ImageFile, ImageFiles } from "./files.ts";

/** An image under the rules. */
export interface Subject {
	/** Of the image below it; none for an image FROM scratch. */
	readonly base: ImageFiles;
	readonly files: ImageFiles;
	readonly config: ImageInspectInfo["Config"];
}

export interface Rule {
	/** What holds where nothing is found. */
	readonly name: string;
	/** What breaks it, a line each. */
	readonly find: (subject: Subject) => string[];
}

const SETUID_OR_SETGID = 0o6000;
const STICKY = 0o1000;
const WRITABLE_BY_ALL = 0o002;
/** SHA-256 of nothing. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Lists, caches and former states of package managers and of the linker. debconf keeps its settings among caches. */
const CACHES =
	/^(var\/lib\/apt\/lists\/.|var\/cache\/(?!debconf\/(config|templates|passwords)\.dat$).|var\/lib\/dpkg\/.*-old$|root\/\.(cache|npm)\/)/;
const LEFTOVERS =
	/^(tmp|var\/tmp|run)\/.|(^|\/)(\.git\/.*|\.dockerignore|Dockerfile|\.DS_Store|\.(ba|a)?sh_history|\.python_history|[^/]+\.(orig|swp|dpkg-(old|new|dist))|[^/]+~)$|^etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/;
/** By their names; private keys are found by what they hold, too. */
const SECRETS =
	/(^|\/)(ssh_host_.*_key|authorized_keys2?|id_(rsa|dsa|ecdsa|ed25519)|\.netrc|\.git-credentials|\.pypirc|\.env|\.my\.cnf|\.docker\/config\.json|\.aws\/credentials|random-seed)$/;
const SECRET_VARIABLE = /PASSW|SECRET|TOKEN|CREDENTIAL|API_?KEY|PRIVATE/i;

export const FILE_RULES: readonly Rule[] = [
	{
		name: "no program runs with the rights of another user or group",
		find: (subject) =>
			added(subject)
				.filter(([, { kind, mode }]) => kind !== "folder" && (mode & SETUID_OR_SETGID) !== 0)
				.map(([path, { mode }]) => `${path}: ${mode.toString(8)}`),
	},
	{
		name: "what everybody may write is a folder with a sticky bit",
		find: (subject) =>
			added(subject)
				.filter(([, { kind, mode }]) => kind !== "link" && (mode & WRITABLE_BY_ALL) !== 0)
				.filter(([, { kind, mode }]) => kind !== "folder" || (mode & STICKY) === 0)
				.map(([path, { shape }]) => `${path}: ${shape}`),
	},
	{ name: "no list or cache of a package manager is left", find: filesLike(CACHES) },
	{ name: "nothing is left of the build", find: filesLike(LEFTOVERS) },
	{
		name: "no log holds anything",
		find: (subject) =>
			pathsOf(subject, (path, { content }) => path.startsWith("var/log/") && content !== EMPTY),
	},
	{
		name: "no container gets an identity that others have, too",
		find: (subject) =>
			pathsOf(subject, (path, { content }) => /(^|\/)machine-id$/.test(path) && content !== EMPTY),
	},
	{
		name: "there is no key and no password",
		find: (subject) =>
			pathsOf(subject, (path, { holdsPrivateKey }) => holdsPrivateKey || SECRETS.test(path)),
	},
	{ name: "every file belongs to a user and a group that the image has", find: unknownOwners },
	{ name: "no date lies in the future", find: future },
	{ name: "no user logs in without a password", find: emptyPasswords },
	{ name: "no two users or groups share a name or a number", find: twins },
];

export const CONFIG_RULES: readonly Rule[] = [
	{
		name: "docker stop sends TERM",
		find: ({ config }) => {
			// dockerode knows of no such field; the engine leaves it out where the image sets none.
			const signal = "StopSignal" in config ? String(config.StopSignal ?? "") : "";
			return ["", "SIGTERM", "TERM", "15"].includes(signal) ? [] : [`STOPSIGNAL ${signal}`];
		},
	},
	{
		name: "no variable is a secret, and every folder of PATH is absolute",
		find: ({ config }) => {
			const variables = config.Env.map((variable) => variable.split("=", 1)[0] ?? "");
			const path = config.Env.find((variable) => variable.startsWith("PATH="))?.slice(5) ?? "";
			const relative = path.split(":").filter((folder) => !folder.startsWith("/"));
			return [
				...variables.filter((name) => SECRET_VARIABLE.test(name)),
				...relative.map((folder) => `PATH has "${folder}"`),
			];
		},
	},
	{
		name: "no port, volume, user or trigger is set for those who build upon it",
		find: ({ config }) => [
			...Object.keys(config.ExposedPorts ?? {}).map((port) => `EXPOSE ${port}`),
			...Object.keys(config.Volumes ?? {}).map((path) => `VOLUME ${path}`),
			...(config.User === "" ? [] : [`USER ${config.User}`]),
			...(Array.isArray(config.OnBuild) ? config.OnBuild : []).map((line) => `ONBUILD ${line}`),
		],
	},
	{
		name: "the labels say what it is",
		find: ({ base, config }) => {
			const names = [
				...["title", "description", "licenses", "version", "ref.name"],
				...(base.size === 0 ? [] : ["base.name"]),
			];
			return names
				.map((name) => `org.opencontainers.image.${name}`)
				.filter((name) => (config.Labels?.[name] ?? "") === "");
		},
	},
];

function filesLike(pattern: RegExp): Rule["find"] {
	return (subject) => pathsOf(subject, (path) => pattern.test(path));
}

/** The paths of files. Links are none: they hold nothing. */
function pathsOf(subject: Subject, isMeant: (path: string, file: ImageFile) => boolean): string[] {
	return added(subject)
		.filter(([path, file]) => /file|hard link/.test(file.kind) && isMeant(path, file))
		.map(([path]) => path);
}

/** What is not in the base, or not as it is there. */
function added({ base, files }: Subject): [string, ImageFile][] {
	return [...files].filter(([path, { shape, content }]) => {
		const before = base.get(path);
		return before?.shape !== shape || before.content !== content;
	});
}

function unknownOwners(subject: Subject): string[] {
	const numbers = (path: string) =>
		new Set(["0", ...rows(subject.files, path).map(([, , number]) => number)]);
	const [users, groups] = [numbers("etc/passwd"), numbers("etc/group")];
	return added(subject)
		.filter(([, { uid, gid }]) => !users.has(String(uid)) || !groups.has(String(gid)))
		.map(([path, { uid, gid }]) => `${path}: ${uid}:${gid}`);
}

function future(subject: Subject): string[] {
	const nowS = Date.now() / 1_000;
	return added(subject)
		.filter(([, { modifiedS }]) => modifiedS > nowS)
		.map(([path, { modifiedS }]) => `${path}: ${new Date(modifiedS * 1_000).toISOString()}`);
}

function emptyPasswords({ files }: Subject): string[] {
	return ["etc/passwd", "etc/shadow"].flatMap((path) =>
		rows(files, path)
			.filter(([, password]) => password === "")
			.map(([name]) => `${path}: ${name}`),
	);
}

function twins({ files }: Subject): string[] {
	return ["etc/passwd", "etc/group"].flatMap((path) =>
		[0, 2].flatMap((column) => {
			const values = rows(files, path).map((row) => row[column] ?? "");
			const doubled = values.filter((value, at) => values.indexOf(value) !== at);
			return doubled.map((value) => `${path}: ${value}`);
		}),
	);
}

/** The fields of passwd(5), group(5) and shadow(5). */
function rows(files: ImageFiles, path: string): string[][] {
	const lines = (files.get(path)?.text ?? "").split("\n").filter((line) => line !== "");
	return lines.map((line) => line.split(":"));
}
