import { arrayOf, bigint, mapOf, varchar, boolean } from "../sql-type.ts";
import { atMost, failing } from "./failing.ts";
import { call, letIn, scalar, type FunctionRow } from "./function-row.ts";

const many = 64;
const padTo = (size: string): string => `CAST(${atMost(1_000_000, size, "pad")} AS INTEGER)`;
/** Java's white space: DuckDB trims blanks alone. */
const blanks = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)";
const trimmed =
  (name: string) =>
  (text: string, characters?: string): string =>
    `${name}(${text}, ${characters ?? blanks})`;
/** A text that a distance may be taken of: its cost is the product of two lengths. */
const short = (text: string): string =>
  `CASE WHEN length(${text}) > 4096 THEN CAST(${atMost(0, "1", "distance")} AS VARCHAR) ELSE ${text} END`;
/** The engine counts bytes: texts of more than ASCII are written with a byte for each character that they have. */
const ofCharacters = (name: string, a: string, b: string): string =>
  letIn([a, b], (left, right) => {
    const plain = `${name}(${left}, ${right})`;
    const spelled = letIn([`list_distinct(string_split(${left} || ${right}, ''))`], (characters) => {
      const bytes = `array_to_string(list_transform(range(1, len(${characters}) + 1), lambda "item": chr(CAST("item" AS INTEGER))), '')`;
      const one = (text: string): string => `translate(${text}, array_to_string(${characters}, ''), ${bytes})`;
      return `CASE WHEN len(${characters}) > 127 THEN ${failing("characters")} ELSE ${name}(${one(left)}, ${one(right)}) END`;
    });
    return `CASE WHEN strlen(${left} || ${right}) = length(${left} || ${right}) THEN ${plain} WHEN ${left} || ${right} IS NOT NULL THEN ${spelled} END`;
  });
/** The engine joins with a constant alone. */
const joined = (list: string, by: string): string => `list_reduce(${list}, lambda "a0", "b0": "a0" || ${by} || "b0")`;
const pairs = (text: string, entry: string): string => `string_split(${text}, ${entry})`;

export const stringFunctions: readonly FunctionRow[] = [
  ...["lower", "upper"].map((name) => scalar(name, 1, varchar, call(name))),
  ...["trim", "ltrim", "rtrim"].map((name) => scalar(name, [1, 2], varchar, trimmed(name))),
  {
    name: "length",
    kind: "scalar",
    arity: [1, 1],
    emit: ([of]) => ({ sql: `${of?.type.kind === "varbinary" ? "octet_length" : "length"}(${of?.sql})`, type: bigint }),
  },
  ...["substr", "substring"].map((name) =>
    scalar(name, [2, 3], varchar, (text, from, size) =>
      letIn([text, from], (whole, start) => {
        // Outside of the text Trino answers an empty string, whatever the size.
        const begin = `CASE WHEN ${start} < 0 THEN length(${whole}) + ${start} + 1 ELSE ${start} END`;
        const inside = `${begin} BETWEEN 1 AND length(${whole})`;
        const most = size === undefined ? "" : `, least(${size}, 1000000000)`;
        return `CASE WHEN ${inside}${size === undefined ? "" : ` AND (${size}) > 0`} THEN substr(${whole}, ${begin}${most}) WHEN ${whole} IS NOT NULL AND ${start} IS NOT NULL${size === undefined ? "" : ` AND (${size}) IS NOT NULL`} THEN '' END`;
      }),
    ),
  ),
  scalar("replace", [2, 3], varchar, (text, from, to) => `replace(${text}, ${from}, ${to ?? "''"})`),
  scalar("translate", 3, varchar, call("translate")),
  scalar("strpos", [2, 3], bigint, (text, part, nth) =>
    nth === undefined
      ? `strpos(${text}, ${part})`
      : letIn(
          [text, part, nth],
          (whole, piece, n) =>
            `CASE WHEN len(string_split(${whole}, ${piece})) > ${n} THEN length(${joined(`list_slice(string_split(${whole}, ${piece}), 1, ${n})`, piece)}) + 1 ELSE 0 END`,
        ),
  ),
  scalar("position", 2, bigint, (part, whole) => `strpos(${whole}, ${part})`),
  scalar("starts_with", 2, boolean, call("starts_with")),
  scalar("lpad", 3, varchar, (text, size, fill) => `lpad(${text}, ${padTo(size)}, ${fill})`),
  scalar("rpad", 3, varchar, (text, size, fill) => `rpad(${text}, ${padTo(size)}, ${fill})`),
  scalar("chr", 1, varchar, (code) => `chr(CAST(${code} AS INTEGER))`),
  scalar("codepoint", 1, { kind: "integer" }, (text) =>
    letIn(
      [text],
      (one) =>
        `CASE WHEN length(${one}) = 1 THEN unicode(${one}) WHEN ${one} IS NOT NULL THEN CAST(${failing("character")} AS INTEGER) END`,
    ),
  ),
  scalar("normalize", 1, varchar, call("nfc_normalize")),
  scalar("hamming_distance", 2, bigint, (a, b) => ofCharacters("hamming", a, b)),
  scalar("levenshtein_distance", 2, bigint, (a, b) => ofCharacters("levenshtein", short(a), short(b))),
  scalar("split", [2, 3], arrayOf(varchar), (text, delimiter, limit) =>
    limit === undefined
      ? `string_split(${text}, ${delimiter})`
      : letIn(
          [`string_split(${text}, ${delimiter})`, limit, delimiter],
          (parts, most, by) =>
            `CASE WHEN ${parts} IS NULL OR len(${parts}) <= ${most} THEN ${parts} ELSE list_append(list_slice(${parts}, 1, ${most} - 1), ${joined(`list_slice(${parts}, ${most}, len(${parts}))`, by)}) END`,
        ),
  ),
  scalar(
    "split_part",
    3,
    varchar,
    (text, delimiter, index) => `list_extract(string_split(${text}, ${delimiter}), ${atLeastOne(index)})`,
  ),
  scalar(
    "split_to_map",
    3,
    mapOf(varchar, varchar),
    (text, entry, pair) =>
      `map_from_entries(list_transform(${pairs(text, entry)}, lambda "kv": row(split_part("kv", ${pair}, 1), split_part("kv", ${pair}, 2))))`,
  ),
  scalar("split_to_multimap", 3, mapOf(varchar, arrayOf(varchar)), (text, entry, pair) =>
    letIn(
      [
        `list_transform(${pairs(text, entry)}, lambda "kv": {'key': split_part("kv", ${pair}, 1), 'value': split_part("kv", ${pair}, 2)})`,
      ],
      (entries) => multimap(entries),
    ),
  ),
  {
    // Nulls are skipped in both; an array is joined as well.
    name: "concat_ws",
    kind: "scalar",
    arity: [2, many],
    emit: (args) => {
      const [by, list] = args;
      return {
        sql:
          args.length === 2 && list?.type.kind === "array"
            ? `array_to_string(${list.sql}, ${by?.sql})`
            : `concat_ws(${args.map((arg) => arg.sql).join(", ")})`,
        type: varchar,
      };
    },
  },
];

/** Entries of key and value as a map from each key to the list of its values. */
export const multimap = (entries: string): string =>
  `map_from_entries(list_transform(list_filter(list_transform(${entries}, lambda "e0": struct_extract("e0", 'key')), lambda "k0", "i0": list_position(list_transform(${entries}, lambda "e0": struct_extract("e0", 'key')), "k0") = "i0"), lambda "k0": row("k0", list_transform(list_filter(${entries}, lambda "e0": struct_extract("e0", 'key') = "k0"), lambda "e0": struct_extract("e0", 'value')))))`;

const atLeastOne = (index: string): string =>
  `CASE WHEN (${index}) < 1 THEN ${atMost(0, "1", "index")} ELSE (${index}) END`;
