import { arrayOf, bigint, boolean, mapOf, varchar, type SqlType } from "../sql-type.ts";
import { literal } from "../sql-text.ts";
import { atMost } from "./failing.ts";
import { call, scalar, type FunctionRow } from "./function-row.ts";

const blob: SqlType = { kind: "varbinary" };
const many = 64;
const padTo = (size: string): string => `CAST(${atMost(1_000_000, size, "pad")} AS INTEGER)`;

// Java's `$1` in a replacement is RE2's `\1`.
const replacement = (text: string): string => literal(text.replaceAll("\\", "\\\\").replace(/\$(\d)/g, "\\$1"));

export const stringFunctions: readonly FunctionRow[] = [
  ...["lower", "upper", "trim", "ltrim", "rtrim"].map((name) => scalar(name, 1, varchar, call(name))),
  scalar("length", 1, bigint, call("length")),
  scalar("substr", [2, 3], varchar, call("substr")),
  scalar("substring", [2, 3], varchar, call("substr")),
  scalar("replace", [2, 3], varchar, (text, from, to) => `replace(${text}, ${from}, ${to ?? "''"})`),
  scalar("translate", 3, varchar, call("translate")),
  scalar("strpos", 2, bigint, call("strpos")),
  scalar("position", 2, bigint, (part, whole) => `strpos(${whole}, ${part})`),
  scalar("starts_with", 2, boolean, call("starts_with")),
  scalar("lpad", 3, varchar, (text, size, fill) => `lpad(${text}, ${padTo(size)}, ${fill})`),
  scalar("rpad", 3, varchar, (text, size, fill) => `rpad(${text}, ${padTo(size)}, ${fill})`),
  scalar("chr", 1, varchar, (code) => `chr(CAST(${code} AS INTEGER))`),
  scalar("codepoint", 1, { kind: "integer" }, call("unicode")),
  scalar("split", 2, arrayOf(varchar), call("string_split")),
  scalar(
    "split_part",
    3,
    varchar,
    (text, delimiter, index) => `list_extract(string_split(${text}, ${delimiter}), ${index})`,
  ),
  scalar(
    "split_to_map",
    3,
    mapOf(varchar, varchar),
    (text, entry, pair) =>
      `map_from_entries(list_transform(string_split(${text}, ${entry}), lambda "kv": row(split_part("kv", ${pair}, 1), split_part("kv", ${pair}, 2))))`,
  ),
  // concat_ws skips nulls in both.
  scalar("concat_ws", [2, many], varchar, call("concat_ws")),
  scalar("regexp_like", 2, boolean, call("regexp_matches")),
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
  scalar("regexp_split", 2, arrayOf(varchar), call("string_split_regex")),
  scalar("regexp_count", 2, bigint, (text, pattern) => `len(regexp_extract_all(${text}, ${pattern}))`),
  {
    name: "regexp_replace",
    kind: "scalar",
    arity: [2, 3],
    emit: ([text, pattern, to], context) => {
      if (to !== undefined && to.text === undefined)
        return context.fail("the replacement of regexp_replace must be a string literal");
      return {
        sql: `regexp_replace(${text?.sql}, ${pattern?.sql}, ${replacement(to?.text ?? "")}, 'g')`,
        type: varchar,
      };
    },
  },
  scalar("to_utf8", 1, blob, call("encode")),
  scalar("from_utf8", 1, varchar, call("decode")),
  scalar("to_hex", 1, varchar, call("hex")),
  scalar("from_hex", 1, blob, call("unhex")),
  scalar("to_base64", 1, varchar, call("to_base64")),
  scalar("from_base64", 1, blob, call("from_base64")),
  scalar("md5", 1, blob, (bytes) => `unhex(md5(${bytes}))`),
  scalar("sha1", 1, blob, (bytes) => `unhex(sha1(${bytes}))`),
  scalar("sha256", 1, blob, (bytes) => `unhex(sha256(${bytes}))`),
  scalar("url_encode", 1, varchar, call("url_encode")),
  scalar("url_decode", 1, varchar, call("url_decode")),
  scalar(
    "url_extract_host",
    1,
    varchar,
    (url) =>
      `nullif(regexp_extract(${url}, '^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(\\[[^\\]]*\\]|[^/?#:]*)', 1), '')`,
  ),
  scalar(
    "url_extract_path",
    1,
    varchar,
    (url) => `regexp_extract(${url}, '^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)', 1)`,
  ),
  scalar(
    "url_extract_protocol",
    1,
    varchar,
    (url) => `nullif(regexp_extract(${url}, '^([a-zA-Z][a-zA-Z0-9+.-]*):', 1), '')`,
  ),
  scalar("url_extract_query", 1, varchar, (url) => `nullif(regexp_extract(${url}, '^[^?#]*\\?([^#]*)', 1), '')`),
];
