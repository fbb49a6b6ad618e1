/** What the package databases of a root file system say is installed. */

export interface Package {
	/** Of its package manager; `generic` for what none knows, `npm` for what is bundled. */
	readonly type: "deb" | "rpm" | "apk" | "generic" | "npm";
	readonly name: string;
	readonly version: string;
	/** As the package manager names it; empty for none. */
	readonly architecture: string;
	/** SPDX expression, or undefined where the database has none. */
	readonly license?: string;
	/** Source package, where it has another name. */
	readonly source?: string;
}

/** /var/lib/dpkg/status: deb-control(5). Packages that are not installed are left out. */
export function dpkgPackages(status: string): Package[] {
	return status.split(/\n\n+/).flatMap((stanza) => {
		const field = (name: string): string | undefined =>
			new RegExp(`^${name}: *(.*)$`, "m").exec(stanza)?.[1];
		const [name, version] = [field("Package"), field("Version")];
		const isInstalled = field("Status")?.endsWith(" installed") ?? false;
		if (name === undefined || version === undefined || !isInstalled) return [];
		const source = field("Source")?.replace(/ \(.*/, "");
		return [
			{
				type: "deb" as const,
				...{ name, version, architecture: field("Architecture") ?? "" },
				...(source === undefined ? {} : { source }),
			},
		];
	});
}

/** /lib/apk/db/installed or /usr/lib/apk/db/installed: apk-package(5), one letter a field. */
export function apkPackages(installed: string): Package[] {
	return installed.split(/\n\n+/).flatMap((stanza) => {
		const field = (letter: string): string | undefined =>
			new RegExp(`^${letter}:(.*)$`, "m").exec(stanza)?.[1];
		const [name, version] = [field("P"), field("V")];
		if (name === undefined || version === undefined) return [];
		const [license, source] = [field("L"), field("o")];
		return [
			{
				type: "apk" as const,
				...{ name, version, architecture: field("A") ?? "" },
				...(license === undefined ? {} : { license }),
				...(source === undefined || source === name ? {} : { source }),
			},
		];
	});
}

/** For `rpm --query --all --queryformat`: what {@link rpmPackages} reads. */
export const RPM_FORMAT = "%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{LICENSE}\\n";

/** What rpm prints in {@link RPM_FORMAT}; keys of repositories, which it counts as packages, are left out. */
export function rpmPackages(output: string): Package[] {
	return output.split("\n").flatMap((line) => {
		const [name, epoch, version, architecture, license] = line.split("\t");
		if (name === undefined || version === undefined || name === "gpg-pubkey") return [];
		return [
			{
				type: "rpm" as const,
				name,
				version: epoch === undefined || epoch === "0" ? version : `${epoch}:${version}`,
				architecture: architecture === undefined ? "" : architecture,
				...(license === undefined ? {} : { license }),
			},
		];
	});
}
