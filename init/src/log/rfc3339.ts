// Times for machines and people: RFC 3339.

const DAY_MS = 86_400_000;
/** From the first day of March of the year 0 to the first of 1970. */
const DAYS_BEFORE_1970 = 719_468;
/** Years repeat after 400, with so many days. */
const CYCLE_DAYS = 146_097;

/** "2026-03-01T12:00:00.000Z" of the milliseconds since 1970; years 0 to 9999. */
export function rfc3339(ms: number): string {
	const days = Math.floor(ms / DAY_MS);
	const inDay = Math.floor(ms - days * DAY_MS);
	const hour = digits(Math.floor(inDay / 3_600_000), 2);
	const minute = digits(Math.floor(inDay / 60_000) % 60, 2);
	const second = digits(Math.floor(inDay / 1_000) % 60, 2);
	return `${dateOf(days)}T${hour}:${minute}:${second}.${digits(inDay % 1_000, 3)}Z`;
}

/** Counted from March on, so that the day that only some years have is a year's last. */
function dateOf(daysSince1970: number): string {
	const days = daysSince1970 + DAYS_BEFORE_1970;
	const cycle = Math.floor(days / CYCLE_DAYS);
	const inCycle = days - cycle * CYCLE_DAYS;
	const leaps =
		Math.floor(inCycle / 1_460) - Math.floor(inCycle / 36_524) + Math.floor(inCycle / 146_096);
	const year = Math.floor((inCycle - leaps) / 365);
	const inYear = inCycle - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
	// Five months have 153 days, whichever they are.
	const month = Math.floor((5 * inYear + 2) / 153);
	const day = inYear - Math.floor((153 * month + 2) / 5) + 1;
	const isNextYear = month >= 10;
	const calendarYear = cycle * 400 + year + (isNextYear ? 1 : 0);
	return `${digits(calendarYear, 4)}-${digits(isNextYear ? month - 9 : month + 3, 2)}-${digits(day, 2)}`;
}

function digits(value: number, count: number): string {
	let text = String(value);
	while (text.length < count) text = `0${text}`;
	return text;
}
