/** What a failing expression says; the engine's text around it is cut off again by `failureText`. */
export const failures = {
  zero: "Division by zero",
  repeat: "repeat takes a count of at most 10000",
  pad: "lpad and rpad make a text of at most 1000000 characters",
  distance: "levenshtein_distance takes texts of at most 4096 characters",
  length: "The text of this value is longer than the varchar",
  digit: "This text is not a number of that base",
  days: "A date takes an interval of whole days; cast it to a timestamp first",
  slice: "slice counts from 1, or from -1 at the end, and takes a length of 0 or more",
  rows: "lag and lead take a number of rows of 0 or more",
  characters: "A distance is of texts with at most 127 different characters beyond ASCII",
  character: "codepoint takes a text of one character",
  index: "An index must be greater than zero",
  sequence: "sequence makes an array of at most 100000 items",
  combinations: "combinations and ngrams take at most 1000 items",
  ip: "This text is not an IP address",
  cidr: "This text is not a network in CIDR notation",
  subscript: "An array subscript is out of bounds; element_at answers null for it",
  key: "The key is not in the map; element_at answers null for it",
  duplicate: "Two keys of the map are equal",
  recursion: "Recursion depth limit exceeded (10)",
  path: 'This text is not a JSON path of members and elements such as $.a.b[0] or $["a b"]',
  json: "The JSON path finds no value, or not the one value that is asked for",
} as const;

/** A BIGINT that fails when it is looked at. A failing cast, as DuckDB's error() cannot stand inside TRY. */
export const failing = (failure: keyof typeof failures): string => `CAST('${failures[failure]}' AS BIGINT)`;

/** The count, or a failure above `limit`: a huge one would fill memory before anything could stop it. */
export const atMost = (limit: number, count: string, failure: keyof typeof failures): string =>
  `CASE WHEN (${count}) > ${limit} THEN ${failing(failure)} ELSE (${count}) END`;

/** SQL in which what would fail on purpose is null. */
export const withoutFailures = (sql: string): string =>
  Object.values(failures).reduce((text, message) => text.replaceAll(`CAST('${message}' AS BIGINT)`, "NULL"), sql);
