import type { Emitted } from "../scope.ts";
import { arrayOf, bigint, boolean, varchar, type SqlType } from "../sql-type.ts";
import { literal } from "../sql-text.ts";
import { letIn, type FunctionRow } from "./function-row.ts";

// Java's `$1` in a replacement is RE2's `\1`; a backslash there takes the next character as it is.
const replacement = (text: string): string =>
  literal(
    text.replaceAll(/\\(.)|\$(\d)|\\$/gs, (_, plain: string | undefined, group: string | undefined) =>
      group !== undefined ? `\\${group}` : plain === "\\" || plain === undefined ? "\\\\" : plain,
    ),
  );

/** Java's `${name}` in a replacement as the number of that group. */
function named(text: string, pattern: string | undefined): string {
  const groups = [...(pattern ?? "").matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?P?<([A-Za-z][A-Za-z0-9_]*)>/gs)]
    .filter(([found]) => found.startsWith("("))
    .map(([, name]) => name);
  return text.replaceAll(/\\.|\$\{([A-Za-z][A-Za-z0-9_]*)\}/gs, (found, name: string | undefined) => {
    const at = name === undefined ? -1 : groups.indexOf(name);
    return at < 0 ? found : `$${at + 1}`;
  });
}

/** A pattern with Java's `(?<name>...)`, where it is a literal, as RE2 writes it. */
const patternOf = (pattern: Emitted | undefined): string =>
  pattern?.text === undefined
    ? (pattern?.sql ?? "")
    : literal(pattern.text.replaceAll(/\\.|\(\?<(?=[A-Za-z])/gs, (found) => (found === "(?<" ? "(?P<" : found)));

/** A function of a text and a pattern. */
const matching = (
  name: string,
  most: number,
  type: SqlType,
  template: (text: string, pattern: string, ...rest: readonly string[]) => string,
): FunctionRow => ({
  name,
  kind: "scalar",
  arity: [2, most],
  emit: ([text, pattern, ...rest]) => ({
    sql: template(text?.sql ?? "", patternOf(pattern), ...rest.map(({ sql }) => sql)),
    type,
  }),
});

/** Where the n-th match is, from 1, of those that begin at or after `from`; -1 when there is none. */
const position = (text: string, pattern: string, from = "1", nth = "1"): string =>
  letIn([`substr(${text}, ${from})`, from, nth], (rest, start, n) =>
    letIn(
      [`regexp_extract_all(${rest}, ${pattern})`, `string_split_regex(${rest}, ${pattern})`],
      (matches, pieces) =>
        `CASE WHEN len(${matches}) < ${n} THEN -1 ELSE CAST(length(array_to_string(list_slice(${pieces}, 1, ${n}), '')) + length(array_to_string(list_slice(${matches}, 1, ${n} - 1), '')) + ${start} AS BIGINT) END`,
    ),
  );

/** Regular expressions are RE2's, matched in time linear in the text. */
export const regexpFunctions: readonly FunctionRow[] = [
  matching("regexp_like", 2, boolean, (text, pattern) => `regexp_matches(${text}, ${pattern})`),
  // DuckDB answers an empty string where Trino answers null.
  matching(
    "regexp_extract",
    3,
    varchar,
    (text, pattern, group = "0") =>
      `CASE WHEN regexp_matches(${text}, ${pattern}) THEN regexp_extract(${text}, ${pattern}, ${group}) END`,
  ),
  matching(
    "regexp_extract_all",
    3,
    arrayOf(varchar),
    (text, pattern, group = "0") => `regexp_extract_all(${text}, ${pattern}, ${group})`,
  ),
  matching("regexp_split", 2, arrayOf(varchar), (text, pattern) => `string_split_regex(${text}, ${pattern})`),
  matching("regexp_count", 2, bigint, (text, pattern) => `len(regexp_extract_all(${text}, ${pattern}))`),
  matching("regexp_position", 4, bigint, position),
  {
    name: "regexp_replace",
    kind: "scalar",
    arity: [2, 3],
    emit: ([text, pattern, to], context) => {
      if (to !== undefined && to.text === undefined)
        return context.fail("the replacement of regexp_replace must be a string literal; a lambda is not supported");
      return {
        sql: `regexp_replace(${text?.sql}, ${patternOf(pattern)}, ${replacement(named(to?.text ?? "", pattern?.text))}, 'g')`,
        type: varchar,
      };
    },
  },
];
