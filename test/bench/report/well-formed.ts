// As much of an XML parser as tells whether a chart would be drawn.

const TOKEN =
	/<(?<close>\/)?(?<name>[A-Za-z][\w:-]*)(?<attributes>(?:\s+[\w:-]+="[^"<]*")*)\s*(?<empty>\/)?>|(?<text>[^<]+)/gy;
const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/;

/** Why the text is no well-formed XML; undefined when it is. */
export function findXmlFault(text: string): string | undefined {
	const open: string[] = [];
	let end = 0;
	let roots = 0;
	for (const { groups = {}, index, 0: token } of text.trim().matchAll(TOKEN)) {
		end = index + token.length;
		const bare = REFERENCE.exec(token);
		if (bare !== null) return `a bare & in ${token}`;
		const { close, name, empty } = groups;
		if (name === undefined) {
			if (open.length === 0) return `text outside of the root: ${token}`;
		} else if (close !== undefined) {
			const expected = open.pop();
			if (expected !== name) return `</${name}> ends <${expected}>`;
		} else {
			if (open.length === 0) roots++;
			if (empty === undefined) open.push(name);
		}
	}
	if (end !== text.trim().length) return `no markup: ${text.trim().slice(end, end + 40)}`;
	if (open.length > 0) return `<${open.at(-1)}> has no end`;
	return roots === 1 ? undefined : `${roots} roots`;
}
