// All paths of an image, and what differs between two images.
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { dockerBytes } from "./engine.ts";
import { readTar, type TarEntry } from "./tar.ts";

const KINDS = ["file", "hard link", "link", "device", "device", "folder", "pipe"];

const LISTS_OF_USERS = ["etc/passwd", "etc/group", "etc/shadow"];
const KEY_WORDS = "PRIVATE KEY-----";
/** Programs that read keys have the words, but not as a line. */
const KEY_LINE = /^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?$/m;

/** What lies at a path. */
export interface ImageFile {
	/** "file", "hard link", "link", "folder", "device" or "pipe". */
	readonly kind: string;
	/** Permissions with the setuid, setgid and sticky bits. */
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	/** Type, permissions with the setuid, setgid and sticky bits, and owner: "folder 1777 0:0". */
	readonly shape: string;
	/** A file's SHA-256, where a link leads, a device's numbers; with extended attributes where there are any. */
	readonly content: string;
	/** Where a symbolic link leads. */
	readonly link: string | undefined;
	/** Seconds since 1970. */
	readonly modifiedS: number;
	/** Begins a line as an unencrypted or encrypted private key does (RFC 7468). */
	readonly holdsPrivateKey: boolean;
	/** Of the few files that list users, all of it. */
	readonly text: string | undefined;
}

/** By path, relative to the root. */
export type ImageFiles = ReadonlyMap<string, ImageFile>;

export interface Difference {
	readonly gone: readonly string[];
	/** "PATH: SHAPE → SHAPE" */
	readonly changed: readonly string[];
	/** Paths with their shapes. */
	readonly added: Readonly<Record<string, string>>;
}

const known = new Map<string, Promise<ImageFiles>>();

/** The files of an image by its own layers: what the engine puts into every container is not among them. */
export function filesOf(image: string): Promise<ImageFiles> {
	const files = known.get(image) ?? readFiles(image);
	known.set(image, files);
	return files;
}

async function readFiles(image: string): Promise<ImageFiles> {
	// Images of this machine lie in the engine only, where no other builder than its own sees them.
	const options = ["--builder", "default", "--quiet", "--output", "type=tar,dest=-"];
	const archive = await dockerBytes(["buildx", "build", ...options, "-"], `FROM ${image}\n`);
	return new Map([...readTar(archive)].map((entry) => [entry.path, fileOf(entry)]));
}

function fileOf(entry: TarEntry): ImageFile {
	const { path, type, mode, uid, gid, link, device, attributes, content, modifiedS } = entry;
	const kind = KINDS[Number(type)] ?? type;
	const hash = createHash("sha256").update(content).digest("hex");
	const what = kind === "file" ? hash : link || device;
	const extended = Object.keys(attributes).length > 0 ? ` ${JSON.stringify(attributes)}` : "";
	return {
		kind,
		mode,
		uid,
		gid,
		shape: `${kind} ${mode.toString(8)} ${uid}:${gid}`,
		content: `${what}${extended}`,
		link: kind === "link" ? link : undefined,
		modifiedS,
		holdsPrivateKey: content.includes(KEY_WORDS) && KEY_LINE.test(content.toString("latin1")),
		text: LISTS_OF_USERS.includes(path) ? content.toString("latin1") : undefined,
	};
}

/** What an image has made of its base. Dates are left out: see {@link newDates}. */
export function difference(base: ImageFiles, image: ImageFiles): Difference {
	const gone = [...base.keys()].filter((path) => !image.has(path));
	const changed = both(base, image)
		.filter(([, was, is]) => was.shape !== is.shape || was.content !== is.content)
		.map(([path, was, is]) =>
			was.shape === is.shape
				? `${path}: ${was.content} → ${is.content}`
				: `${path}: ${was.shape} → ${is.shape}`,
		);
	const added = [...image].filter(([path]) => !base.has(path));
	return {
		gone,
		changed,
		added: Object.fromEntries(added.map(([path, { shape }]) => [path, shape])),
	};
}

/** The paths of the base that have another date in the image. */
export function newDates(base: ImageFiles, image: ImageFiles): string[] {
	return both(base, image)
		.filter(([, was, is]) => was.modifiedS !== is.modifiedS)
		.map(([path]) => path);
}

function both(base: ImageFiles, image: ImageFiles): [string, ImageFile, ImageFile][] {
	return [...base].flatMap(([path, was]) => {
		const is = image.get(path);
		return is === undefined ? [] : [[path, was, is]];
	});
}

/** The path with every link on its way followed: in many bases /sbin is one. */
export function realPath(files: ImageFiles, path: string): string {
	const folder = posix.dirname(path);
	const here = folder === "." ? path : posix.join(realPath(files, folder), posix.basename(path));
	const link = files.get(here)?.link;
	if (link === undefined) return here;
	return realPath(
		files,
		link.startsWith("/") ? link.slice(1) : posix.join(posix.dirname(here), link),
	);
}
