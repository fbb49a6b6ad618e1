// Repetitions that take minutes.

/** Whether they are wanted: LONG=1. */
export const isLong = process.env["LONG"] === "1";

export const WHY_NOT_LONG = "takes minutes: npm run test:long runs it";
