import { arrayOf, bigint, boolean, varchar } from "../sql-type.ts";
import { literal } from "../sql-text.ts";
import { letIn, scalar, type FunctionRow } from "./function-row.ts";

// Java's `$1` in a replacement is RE2's `\1`; a backslash there takes the next character as it is.
const replacement = (text: string): string =>
  literal(
    text.replaceAll(/\\(.)|\$(\d)|\\$/gs, (_, plain: string | undefined, group: string | undefined) =>
      group !== undefined ? `\\${group}` : plain === "\\" || plain === undefined ? "\\\\" : plain,
    ),
  );

/** Regular expressions are RE2's, matched in time linear in the text. */
export const regexpFunctions: readonly FunctionRow[] = [
  scalar("regexp_like", 2, boolean, (text, pattern) => `regexp_matches(${text}, ${pattern})`),
  // DuckDB answers an empty string where Trino answers null.
  scalar(
    "regexp_extract",
    [2, 3],
    varchar,
    (text, pattern, group) =>
      `CASE WHEN regexp_matches(${text}, ${pattern}) THEN regexp_extract(${text}, ${pattern}, ${group ?? "0"}) END`,
  ),
  scalar(
    "regexp_extract_all",
    [2, 3],
    arrayOf(varchar),
    (text, pattern, group) => `regexp_extract_all(${text}, ${pattern}, ${group ?? "0"})`,
  ),
  scalar("regexp_split", 2, arrayOf(varchar), (text, pattern) => `string_split_regex(${text}, ${pattern})`),
  scalar("regexp_count", 2, bigint, (text, pattern) => `len(regexp_extract_all(${text}, ${pattern}))`),
  scalar("regexp_position", 2, bigint, (text, pattern) =>
    letIn(
      [text],
      (whole) =>
        `CASE WHEN regexp_matches(${whole}, ${pattern}) THEN length(list_extract(string_split_regex(${whole}, ${pattern}), 1)) + 1 WHEN ${whole} IS NOT NULL THEN -1 END`,
    ),
  ),
  {
    name: "regexp_replace",
    kind: "scalar",
    arity: [2, 3],
    emit: ([text, pattern, to], context) => {
      if (to !== undefined && to.text === undefined)
        return context.fail("the replacement of regexp_replace must be a string literal; a lambda is not supported");
      return {
        sql: `regexp_replace(${text?.sql}, ${pattern?.sql}, ${replacement(to?.text ?? "")}, 'g')`,
        type: varchar,
      };
    },
  },
];
