// A job: reports the last days, and ends with 2 when it is told a number of days that is none, which no other try would change.
const days = Number(process.env.REPORT_DAYS ?? 7);

if (Number.isInteger(days) && days > 0) {
	console.log(`report of ${days} days`);
} else {
	console.error(`report: error: REPORT_DAYS is "${process.env.REPORT_DAYS}", not a number of days`);
	process.exitCode = 2;
}
