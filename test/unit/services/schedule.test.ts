// When schedules are due, compared with a clock that is looked at minute by minute; with real time zones, by Node's own tables.
import { describe, expect, test } from "vitest";
import { parseSchedule } from "../../../init/src/definitions/schedule.ts";
import {
	type LocalTime,
	nextTime,
	readSchedule,
	type Schedule,
} from "../../../init/src/services/schedule.ts";

function clockOf(timeZone: string): LocalTime {
	const format = new Intl.DateTimeFormat("en-US", {
		timeZone,
		hourCycle: "h23",
		year: "numeric",
		month: "numeric",
		day: "numeric",
		hour: "numeric",
		minute: "numeric",
		weekday: "short",
	});
	const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
	return (seconds) => {
		const parts = Object.fromEntries(
			format.formatToParts(seconds * 1_000).map(({ type, value }) => [type, value]),
		);
		const { year, month, day, hour, minute, weekday = "" } = parts;
		return [...[year, month, day, hour, minute].map(Number), weekdays.indexOf(weekday)];
	};
}

const utc = clockOf("UTC");
const seconds = (text: string): number => Date.parse(text) / 1_000;

/** As it comes from a definition. */
function scheduleOf(text: string): Schedule {
	const fields = parseSchedule(text);
	if (typeof fields !== "string") throw new Error(fields.wrong);
	return readSchedule(fields);
}

/** The times from `from` on, in ISO form. */
function timesOf(text: string, from: string, count: number, clock: LocalTime = utc): string[] {
	const schedule = scheduleOf(text);
	const times: string[] = [];
	let at = seconds(from);
	for (let i = 0; i < count; i++) {
		const next = nextTime(schedule, at, clock);
		if (next === undefined) break;
		times.push(new Date(next * 1_000).toISOString().slice(0, 16));
		at = next;
	}
	return times;
}

const DAY = 86_400;

/** Its answers are kept: many schedules ask for the same. */
function remembered(clock: LocalTime): LocalTime {
	const known = new Map<number, readonly number[]>();
	return (at) => {
		const time = known.get(at) ?? clock(at);
		known.set(at, time);
		return time;
	};
}

function timesBetween(text: string, from: number, to: number, clock: LocalTime): string[] {
	const schedule = scheduleOf(text);
	const times: string[] = [];
	let at = nextTime(schedule, from, clock);
	for (; at !== undefined && at < to; at = nextTime(schedule, at, clock)) times.push(isoOf(at));
	return times;
}

const isoOf = (at: number): string => new Date(at * 1_000).toISOString();

/**
 * What cron(8) of Debian does, minute by minute: what the clock leaps over comes right after, what it shows again does not; a schedule
 * of every hour follows the clock alone.
 */
function shownBetween(text: string, from: number, to: number, clock: LocalTime): string[] {
	const [, hours = "", days = "", , weekdays = ""] = text.split(" ");
	const schedule = scheduleOf(text);
	const isEither = !days.startsWith("*") && !weekdays.startsWith("*");
	const shows = (wall: number): boolean => {
		const date = new Date(wall);
		const isDate = schedule.days[date.getUTCDate()] === true;
		const isWeekday = schedule.weekdays[date.getUTCDay()] === true;
		return (
			schedule.months[date.getUTCMonth() + 1] === true &&
			(isEither ? isDate || isWeekday : isDate && isWeekday) &&
			schedule.hours[date.getUTCHours()] === true &&
			schedule.minutes[date.getUTCMinutes()] === true
		);
	};
	const wallOf = (at: number): number => {
		const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = clock(at);
		return Date.UTC(year, month - 1, day, hour, minute);
	};
	const times: string[] = [];
	// From earlier on: what was shown before `from` is not shown again.
	let latest = wallOf(from - DAY / 4);
	for (let at = from - DAY / 4; at < to; at += 60) {
		const wall = wallOf(at);
		let isDue = hours.startsWith("*") && shows(wall);
		for (; latest < wall; latest += 60_000)
			isDue ||= !hours.startsWith("*") && shows(latest + 60_000);
		if (isDue && at > from) times.push(isoOf(at));
	}
	return times;
}

describe("whether a schedule ever comes", () => {
	test.each([
		["0 0 29 2 *", true],
		["0 0 31 4,6 *", "never"],
		["0 0 31 4,7 *", true],
		["0 0 30 feb mon", true],
		["* * * * *", true],
		["0 0 */29 2 *", true],
		["0 0 */30 4 *", true],
	])("%s: %s", (text, comes) => {
		const parsed = parseSchedule(text);
		expect(typeof parsed === "string" ? true : parsed.wrong.split(" ")[0]).toBe(comes);
	});
});

describe("a schedule", () => {
	test.each([
		["*/15 * * * *", "2027-01-01T12:01:30Z", ["2027-01-01T12:15", "2027-01-01T12:30"]],
		["0 0 * * *", "2027-01-01T00:00:00Z", ["2027-01-02T00:00", "2027-01-03T00:00"]],
		// Days and months are counted from 1, as cron does.
		["0 0 */10 * *", "2027-01-01T12:00:00Z", ["2027-01-11T00:00", "2027-01-21T00:00"]],
		["0 0 1 */3 *", "2027-01-01T12:00:00Z", ["2027-04-01T00:00", "2027-07-01T00:00"]],
		["30 6 * * mon-fri", "2027-01-01T12:00:00Z", ["2027-01-04T06:30", "2027-01-05T06:30"]],
		["0 12 29 feb *", "2027-01-01T00:00:00Z", ["2028-02-29T12:00", "2032-02-29T12:00"]],
		["0 0 13 * 5", "2027-01-01T00:00:00Z", ["2027-01-08T00:00", "2027-01-13T00:00"]],
		["5,10-12/2 3 * * *", "2027-01-01T00:00:00Z", ["2027-01-01T03:05", "2027-01-01T03:10"]],
		["@weekly", "2027-01-01T00:00:00Z", ["2027-01-03T00:00", "2027-01-10T00:00"]],
		["0 0 * * 7", "2027-01-01T00:00:00Z", ["2027-01-03T00:00", "2027-01-10T00:00"]],
		["59 23 31 12 *", "2027-01-01T00:00:00Z", ["2027-12-31T23:59", "2028-12-31T23:59"]],
	])("%s after %s", (text, from, times) => {
		expect(timesOf(text, from, times.length)).toEqual(times);
	});

	test("that no day ever matches has no next time", () => {
		// The checker refuses it: the clock would look for ever.
		const schedule = readSchedule("0 0 30 2 *");
		expect(nextTime(schedule, seconds("2027-01-01T00:00:00Z"), utc)).toBeUndefined();
	});

	test.each([
		"* * * *",
		"60 * * * *",
		"* 24 * * *",
		"* * 0 * *",
		"* * * 13 *",
		"* * * * 8",
		"5-1 * * * *",
		"*/0 * * * *",
		"a * * * *",
		"1,,2 * * * *",
		"@never",
		"",
	])("%s is none", (text) => {
		expect(parseSchedule(text)).toHaveProperty("wrong");
	});

	// In Berlin the clock leaps from 2:00 to 3:00 on 28 March 2027, and goes from 3:00 back to 2:00 on 31 October.
	const berlin = clockOf("Europe/Berlin");

	test("that the clock leaps over comes right after, once", () => {
		expect(timesOf("30 2 * * *", "2027-03-27T00:00:00Z", 3, berlin)).toEqual([
			"2027-03-27T01:30",
			"2027-03-28T01:00",
			"2027-03-29T00:30",
		]);
	});

	test("whose hour comes twice is due once; one of every hour each time", () => {
		expect(timesOf("30 2 * * *", "2027-10-30T12:00:00Z", 2, berlin)).toEqual([
			"2027-10-31T00:30",
			"2027-11-01T01:30",
		]);
		expect(timesOf("30 * * * *", "2027-10-30T23:00:00Z", 4, berlin)).toEqual([
			"2027-10-30T23:30",
			"2027-10-31T00:30",
			"2027-10-31T01:30",
			"2027-10-31T02:30",
		]);
	});

	test.each(["Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"])(
		"at midnight of %s, each day of a year",
		(zone) => {
			const clock = clockOf(zone);
			const times = timesOf("0 0 * * *", "2027-01-01T12:00:00Z", 364, clock);
			for (const time of times) {
				const [, , , hour, minute] = clock(seconds(`${time}:00Z`));
				expect([hour, minute]).toEqual([0, 0]);
			}
			expect(new Set(times).size).toBe(364);
		},
	);

	// The clock of these leaps at midnight, by half an hour, by two hours, at one minute past midnight; or it did.
	const LEAPS: readonly (readonly [zone: string, around: string])[] = [
		["Europe/Berlin", "2027-03-28"],
		["Europe/Berlin", "2027-10-31"],
		["Africa/Cairo", "2027-04-30"],
		["Africa/Cairo", "2027-10-29"],
		["Asia/Beirut", "2027-03-28"],
		["Asia/Beirut", "2027-10-31"],
		["America/Havana", "2027-03-14"],
		["America/Havana", "2027-11-07"],
		["America/Sao_Paulo", "2018-11-04"],
		["America/Sao_Paulo", "2018-02-18"],
		["Asia/Tehran", "2022-03-22"],
		["Asia/Tehran", "2022-09-22"],
		["America/Scoresbysund", "2027-03-28"],
		["America/Scoresbysund", "2027-10-31"],
		["Australia/Lord_Howe", "2027-10-03"],
		["Australia/Lord_Howe", "2027-04-04"],
		["Antarctica/Troll", "2027-03-28"],
		["Antarctica/Troll", "2027-10-31"],
		["America/St_Johns", "2010-03-14"],
		["America/St_Johns", "2010-11-07"],
	];

	test.each(LEAPS)("in %s around %s, as a clock that is looked at each minute", (zone, around) => {
		const clock = remembered(clockOf(zone));
		const [from, to] = [seconds(around) - 3 * DAY, seconds(around) + 3 * DAY];
		const [, month, day, , , weekday] = clock(seconds(around) + DAY / 2);
		for (const text of [
			...["0 0 * * *", "30 0 * * *", "15,45 1 * * *", "0 2 * * *", "30 2 * * *", "0,30 23 * * *"],
			...["*/20 0-3 * * *", "30 * * * *", "*/15 * * * *", "10 */2 * * *", "59 5 * * *"],
			...[`0 0 * * ${weekday}`, `30 0 * * ${weekday}`, `30 5 * * ${weekday}`],
			...[`30 0 ${day} ${month} *`, `0 5 ${day} ${month} *`, `0 * ${day} * *`],
		])
			expect({ text, times: timesBetween(text, from, to, clock) }).toEqual({
				text,
				times: shownBetween(text, from, to, clock),
			});
	});

	test.each(["Africa/Cairo", "Asia/Beirut", "America/Havana", "America/Scoresbysund"])(
		"is due once a day in %s, and comes behind each day of a year",
		(zone) => {
			const clock = remembered(clockOf(zone));
			const [from, to] = [seconds("2027-01-01T12:00:00Z"), seconds("2028-01-01T12:00:00Z")];
			const days = timesBetween("30 0 * * *", from, to, clock).map((time) =>
				clock(seconds(time)).slice(0, 3).join(),
			);
			expect([days.length, new Set(days).size]).toEqual([365, 365]);
			for (let at = from; at < to; at += DAY)
				expect(nextTime(scheduleOf("0 5 15 5 *"), at, clock)).toBeDefined();
		},
	);

	test("is due whenever a clock that is looked at each minute shows it", () => {
		const text = "7,33 */5 1-10 * 2";
		const schedule = scheduleOf(text);
		const from = seconds("2027-02-25T00:00:00Z");
		const expected: string[] = [];
		for (let at = from + 60; expected.length < 40; at += 60) {
			const [, month = 0, day = 0, hour = 0, minute = 0, weekday = 0] = utc(at);
			const isDay = schedule.days[day] === true || schedule.weekdays[weekday] === true;
			if (schedule.months[month] && isDay && schedule.hours[hour] && schedule.minutes[minute])
				expected.push(new Date(at * 1_000).toISOString().slice(0, 16));
		}
		expect(timesOf(text, "2027-02-25T00:00:00Z", 40)).toEqual(expected);
	});
});
