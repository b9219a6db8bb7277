/** What a failing expression says; the engine's text around it is cut off again by {@link failureText}. */
const failures = {
  zero: "Division by zero",
  repeat: "repeat takes a count of at most 10000",
  pad: "lpad and rpad make a text of at most 1000000 characters",
} as const;

/** A BIGINT that fails when it is looked at. A failing cast, as DuckDB's error() cannot stand inside TRY. */
export const failing = (failure: keyof typeof failures): string => `CAST('${failures[failure]}' AS BIGINT)`;

/** The count, or a failure above `limit`: a huge one would fill memory before anything could stop it. */
export const atMost = (limit: number, count: string, failure: keyof typeof failures): string =>
  `CASE WHEN (${count}) > ${limit} THEN ${failing(failure)} ELSE (${count}) END`;

/** An engine's message as a person should read it: our own text alone where an expression of ours failed. */
export function failureText(message: string): string {
  return Object.values(failures).find((text) => message.includes(`'${text}'`)) ?? message;
}
