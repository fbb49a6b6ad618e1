/** The platforms that images are published for, by their names in the different worlds. */

export interface Platform {
	/** As `docker --platform` takes it: operating system, architecture and variant. */
	readonly platform: string;
	/** BuildKit's TARGETARCH followed by its TARGETVARIANT. */
	readonly docker: string;
	/** Architecture of its packages, as dpkg names it. */
	readonly debian: string;
	/** Of its emulator: qemu-NAME. */
	readonly qemu: string;
	/** As `process.arch` of Node.js says it. */
	readonly node: string;
	/** What the header of its executables says: elf(5), e_machine as in elf.h. */
	readonly elf: {
		readonly bits: 32 | 64;
		readonly byteOrder: "little" | "big";
		readonly machine: number;
	};
}

/** In the order in which tables show them. */
export const platforms: readonly Platform[] = [
	{
		platform: "linux/amd64",
		docker: "amd64",
		debian: "amd64",
		qemu: "x86_64",
		node: "x64",
		elf: { bits: 64, byteOrder: "little", machine: 62 },
	},
	{
		platform: "linux/arm64",
		docker: "arm64",
		debian: "arm64",
		qemu: "aarch64",
		node: "arm64",
		elf: { bits: 64, byteOrder: "little", machine: 183 },
	},
	{
		platform: "linux/arm/v7",
		docker: "armv7",
		debian: "armhf",
		qemu: "arm",
		node: "arm",
		elf: { bits: 32, byteOrder: "little", machine: 40 },
	},
	{
		platform: "linux/riscv64",
		docker: "riscv64",
		debian: "riscv64",
		qemu: "riscv64",
		node: "riscv64",
		elf: { bits: 64, byteOrder: "little", machine: 243 },
	},
	{
		platform: "linux/ppc64le",
		docker: "ppc64le",
		debian: "ppc64el",
		qemu: "ppc64le",
		node: "ppc64",
		elf: { bits: 64, byteOrder: "little", machine: 21 },
	},
	{
		platform: "linux/s390x",
		docker: "s390x",
		debian: "s390x",
		qemu: "s390x",
		node: "s390x",
		elf: { bits: 64, byteOrder: "big", machine: 22 },
	},
];

/** @throws for a platform that no image is published for. */
export function platformOf(name: string): Platform {
	const found = platforms.find(({ platform }) => platform === name);
	if (found !== undefined) return found;
	const known = platforms.map(({ platform }) => platform).join(", ");
	throw new Error(`no image is built for platform ${name}; there are ${known}`);
}

/** The one that this machine runs natively. @throws where no image is published for it. */
export function machinePlatform(): Platform {
	const found = platforms.find(({ node }) => node === process.arch);
	if (found !== undefined) return found;
	throw new Error(`no image is built for the platform of this machine (${process.arch})`);
}

/** Name of a folder for files of the platform, such as linux-arm-v7. */
export function folderOf({ platform }: Platform): string {
	return platform.replaceAll("/", "-");
}
