/** A whole number for people: 1,000. The same in every locale, since tests and papers quote it. */
export function grouped(value: number): string {
	return value.toLocaleString("en-US");
}
