// When a schedule is due: five fields as crontab(5) has them, in the local time of TZ.

/** Which minutes, hours, days of the month, months and weekdays (0: Sunday) match; indexed by their number. */
export interface Schedule {
	readonly minutes: readonly boolean[];
	readonly hours: readonly boolean[];
	readonly days: readonly boolean[];
	readonly months: readonly boolean[];
	readonly weekdays: readonly boolean[];
	/** Where both days and weekdays are restricted, one of them is enough. */
	readonly isEitherDay: boolean;
	/** A fixed hour comes once a day: where the clock goes back not twice, where it leaps over it right after. */
	readonly hasFixedHour: boolean;
}

/** The lowest and the highest number of each field; both 0 and 7 are Sunday. */
const RANGES = [
	[0, 59],
	[0, 23],
	[1, 31],
	[1, 12],
	[0, 7],
] as const;
/** How many days a month has at most, by its number; there is none with the number 0. */
const LONGEST = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads five fields in numbers, as definitions/schedule.ts has checked them. */
export function readSchedule(text: string): Schedule {
	const fields = text.split(" ");
	const [minutes = [], hours = [], days = [], months = [], sevenDays = []] = RANGES.map(
		([least, most], place) => readField(fields[place] ?? "*", least, most),
	);
	const weekdays = sevenDays.slice(0, 7);
	weekdays[0] = weekdays[0] === true || sevenDays[7] === true;
	return {
		...{ minutes, hours, days, months, weekdays },
		isEitherDay: isRestricted(fields[2]) && isRestricted(fields[4]),
		hasFixedHour: isRestricted(fields[1]),
	};
}

/** Whether one of its months has one of its days. */
export function everComes({ days, months, isEitherDay }: Schedule): boolean {
	return (
		isEitherDay ||
		LONGEST.some((longest, month) => months[month] === true && days.indexOf(true) <= longest)
	);
}

function isRestricted(field = "*"): boolean {
	return !field.startsWith("*");
}

/** Which numbers match. */
function readField(field: string, least: number, most: number): boolean[] {
	const list: boolean[] = [];
	for (let i = 0; i <= most; i++) list.push(false);
	for (const part of field.split(",")) {
		const [range = "", step = "1"] = part.split("/");
		const [first = "", last = first] =
			range === "*" ? [String(least), String(most)] : range.split("-");
		for (let i = Number(first); i <= Number(last); i += Number(step)) list[i] = true;
	}
	return list;
}

/** Seconds since 1970 as [year, month (1–12), day, hour, minute, weekday] of the place. */
export type LocalTime = (seconds: number) => readonly number[];

const MINUTE = 60;
const HOUR = 3_600;
const DAY_MINUTES = 1_440;
/** A clock that is put forth or back by more is no clock in summer: cron(8) of Debian has the same bound. */
const LONGEST_LEAP_MINUTES = 180;
/** All time zones that leap, do it by a multiple. */
const LEAP_STEP_MINUTES = 30;
/** A 29th of February that is a certain weekday comes within 40 years; nothing else takes as long. */
const MOST_STEPS = 30_000;

/** The first time after `afterS` (seconds since 1970) that matches; undefined: none ever does. */
export function nextTime(
	schedule: Schedule,
	afterS: number,
	localTime: LocalTime,
): number | undefined {
	let before = Math.floor(afterS / MINUTE) * MINUTE;
	let at = before + MINUTE;
	for (let steps = 0; steps < MOST_STEPS; steps++) {
		const local = localTime(at);
		if (matches(schedule, local, minuteOf(local)) && !isSecondTime(schedule, at, localTime))
			return at;
		// There is no leap behind a longer step.
		if (at - before === MINUTE && wasLeaptOver(schedule, at, localTime)) return at;
		before = at;
		at = stepFrom(schedule, at, local, localTime);
	}
	return undefined;
}

/** To the next day or hour where this one does not match, and by a minute where the clock leaps before that is reached. */
function stepFrom(
	schedule: Schedule,
	at: number,
	local: readonly number[],
	localTime: LocalTime,
): number {
	const [, , , hour = 0, minute = 0] = local;
	const nextHour = at + HOUR - minute * MINUTE;
	const nextDay = nextHour + (23 - hour) * HOUR;
	const isDay = matchesDay(schedule, local);
	if (!isDay && minuteOf(localTime(nextDay)) === 0) return nextDay;
	if (isDay && schedule.hours[hour] === true) return at + MINUTE;
	const isEven = minuteOf(localTime(nextHour)) === ((hour + 1) % 24) * 60;
	return isEven ? nextHour : at + MINUTE;
}

/** Of the day. */
function minuteOf([, , , hour = 0, minute = 0]: readonly number[]): number {
	return hour * 60 + minute;
}

function matchesDay(schedule: Schedule, local: readonly number[]): boolean {
	const [, month = 0, day = 0, , , weekday = 0] = local;
	const [isDate, isWeekday] = [schedule.days[day] === true, schedule.weekdays[weekday] === true];
	const isDay = schedule.isEitherDay ? isDate || isWeekday : isDate && isWeekday;
	return isDay && schedule.months[month] === true;
}

/** Whether that minute of the day does. */
function matches(schedule: Schedule, local: readonly number[], minute: number): boolean {
	const hour = Math.floor(minute / 60);
	return (
		schedule.hours[hour] === true &&
		schedule.minutes[minute % 60] === true &&
		matchesDay(schedule, local)
	);
}

/** Whether the clock has just leapt over a time that matches, at midnight into the next day. */
function wasLeaptOver(schedule: Schedule, at: number, localTime: LocalTime): boolean {
	if (!schedule.hasFixedHour) return false;
	const [before, now] = [localTime(at - MINUTE), localTime(at)];
	const first = minuteOf(before);
	const minutes = (minuteOf(now) - first + DAY_MINUTES) % DAY_MINUTES;
	// More: it was put back.
	for (let i = 1; i < minutes && minutes <= LONGEST_LEAP_MINUTES; i++) {
		const day = first + i < DAY_MINUTES ? before : now;
		if (matches(schedule, day, (first + i) % DAY_MINUTES)) return true;
	}
	return false;
}

/** Whether the clock has shown the same a while ago: it was put back. */
function isSecondTime({ hasFixedHour }: Schedule, at: number, localTime: LocalTime): boolean {
	const minute = minuteOf(localTime(at));
	let ago = hasFixedHour ? LONGEST_LEAP_MINUTES : 0;
	while (ago > 0 && minuteOf(localTime(at - ago * MINUTE)) !== minute) ago -= LEAP_STEP_MINUTES;
	return ago > 0;
}
