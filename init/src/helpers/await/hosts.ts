// Names of hosts without DNS: hosts(5).

export const HOSTS = "/etc/hosts";
/** No more of it is read. */
export const HOSTS_BYTES = 65_536;

/** The addresses, in numbers, that a name stands for in the text of /etc/hosts; those of localhost are known without it. */
export function addressesOf(host: string, hosts: string): string[] {
	const name = host.toLowerCase();
	const found: string[] = [];
	for (const line of hosts.split("\n")) {
		const comment = line.indexOf("#");
		const fields = (comment < 0 ? line : line.slice(0, comment)).split("\t").join(" ").split(" ");
		const [address, ...names] = fields.filter((field) => field !== "");
		if (address !== undefined && names.some((known) => known.toLowerCase() === name))
			found.push(address);
	}
	return found.length === 0 && name === "localhost" ? ["127.0.0.1", "::1"] : found;
}

/** Whether it is an address in numbers: only these have colons, or end with a digit after a dot. */
export function isAddress(host: string): boolean {
	if (host.includes(":")) return true;
	const parts = host.split(".");
	return parts.length === 4 && parts.every((part) => part !== "" && Number(part) <= 255);
}
