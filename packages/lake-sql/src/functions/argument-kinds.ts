import { mixable } from "../shared-type.ts";
import { isInteger, isNumber, isTemporal, typeName, type SqlType } from "../sql-type.ts";

/** What an argument may be: its test, and its name in a message. */
const kinds = {
  text: [(type) => type.kind === "varchar", "varchar"],
  binary: [(type) => type.kind === "varbinary", "varbinary"],
  number: [isNumber, "a number"],
  whole: [isInteger, "a whole number"],
  truth: [(type) => type.kind === "boolean", "boolean"],
  date: [(type) => type.kind === "date", "date"],
  moment: [(type) => isTemporal(type) && type.kind !== "date", "timestamp"],
  clock: [(type) => type.kind === "time", "time"],
  span: [(type) => type.kind === "interval", "interval day to second"],
  months: [(type) => type.kind === "months", "interval year to month"],
  json: [(type) => type.kind === "json", "json"],
  array: [(type) => type.kind === "array", "an array"],
  map: [(type) => type.kind === "map", "a map"],
  any: [() => true, "a value"],
} satisfies Readonly<Record<string, readonly [test: (type: SqlType) => boolean, name: string]>>;

type Kind = keyof typeof kinds;
const isKind = (text: string): text is Kind => text in kinds;

/** Functions by what their arguments are, in order; the last stands for those after it. A lambda is `any`. */
const rows: readonly (readonly [args: string, names: string])[] = [
  ["text whole", "from_base"],
  ["text", "codepoint from_iso8601_date from_iso8601_timestamp json_parse lower luhn_check normalize upper"],
  ["text", "url_decode url_encode url_extract_fragment url_extract_host url_extract_parameter url_extract_path"],
  ["text", "url_extract_port url_extract_protocol url_extract_query hamming_distance levenshtein_distance position"],
  ["text", "ltrim replace rtrim starts_with split_to_map split_to_multimap translate trim date_parse parse_datetime"],
  ["text", "regexp_like regexp_replace regexp_split regexp_count to_utf8"],
  ["text|binary", "from_base64 from_base64url from_hex length"],
  ["text|binary whole", "substr substring"],
  ["text whole text", "lpad rpad"],
  ["text text whole", "split split_part strpos"],
  ["text text whole", "regexp_extract regexp_extract_all regexp_position"],
  ["text|array", "reverse"],
  ["text text|array text", "concat_ws"],
  ["text any", "listagg"],
  ["binary", "from_big_endian_32 from_big_endian_64 from_utf8 md5 sha1 sha256 to_base64 to_base64url to_hex"],
  ["number", "abs acos asin atan atan2 cbrt ceil ceiling cos cosh degrees exp floor is_finite is_infinite is_nan ln"],
  ["number", "log log10 log2 mod pow power radians sign sin sinh sqrt tan tanh truncate wilson_interval_lower"],
  ["number", "wilson_interval_upper geometric_mean stddev stddev_pop stddev_samp variance var_pop var_samp kurtosis"],
  ["number", "skewness corr covar_pop covar_samp regr_slope regr_intercept from_unixtime"],
  ["number whole", "round truncate"],
  ["whole", "to_base"],
  ["number number|array number whole", "width_bucket"],
  ["number|span|months", "sum avg"],
  ["number number|array", "approx_percentile"],
  ["whole", "bitwise_and bitwise_or bitwise_xor bitwise_not bit_count bitwise_left_shift bitwise_right_shift"],
  ["whole", "bitwise_right_shift_arithmetic bitwise_and_agg bitwise_or_agg chr to_big_endian_32 to_big_endian_64"],
  ["whole", "ntile random rand"],
  ["truth", "bool_and bool_or every count_if"],
  ["date|moment|text", "date"],
  ["date|moment", "day_of_month day_of_week day_of_year dow doy last_day_of_month quarter week week_of_year"],
  ["date|moment", "year_of_week yow"],
  ["date|moment|span", "day"],
  ["date|moment|months", "month year"],
  ["moment|date|clock|span", "hour minute second millisecond"],
  ["moment", "timezone_hour timezone_minute"],
  ["moment|date", "to_unixtime to_iso8601"],
  ["moment|date text", "date_format format_datetime"],
  ["moment text", "at_timezone with_timezone"],
  ["text date|moment|clock", "date_trunc"],
  ["text whole date|moment|clock", "date_add"],
  ["text date|moment|clock", "date_diff"],
  ["span", "to_milliseconds"],
  ["text|json text", "json_extract json_extract_scalar json_size"],
  ["text|json", "json_array_length is_json_scalar"],
  ["text|json whole", "json_array_get"],
  ["text|json any", "json_array_contains"],
  ["json", "json_format"],
  [
    "array",
    "array_distinct array_except array_histogram array_intersect array_max array_min array_union arrays_overlap",
  ],
  ["array", "contains_sequence flatten map_from_entries multimap_from_entries shuffle zip map"],
  ["array any", "all_match any_match none_match filter transform reduce array_sort array_position array_remove"],
  ["array text", "array_join"],
  ["array whole", "ngrams slice trim_array"],
  ["array array any", "zip_with"],
  ["any whole", "repeat"],
  ["map", "map_concat map_entries map_keys map_values map_union cosine_similarity"],
  ["map any", "map_filter transform_keys transform_values"],
  ["map map any", "map_zip_with"],
  ["array|map", "cardinality"],
  ["text|array any", "contains"],
  ["whole|date|moment any", "sequence"],
  ["any whole any", "lag lead"],
  ["any whole", "nth_value"],
];

const taken: ReadonlyMap<string, readonly (readonly Kind[])[]> = new Map(
  rows.flatMap(([args, names]) => {
    const list = args.split(" ").map((arg) => arg.split("|").filter(isKind));
    return names.split(" ").map((name): [string, readonly (readonly Kind[])[]] => [name, list]);
  }),
);

/** Functions of an array and an item of it, and of two arrays or maps that hold the same. */
const itemFunctions = new Set(["contains", "array_position", "array_remove"]);
const twinFunctions = new Set(
  "array_union array_except array_intersect arrays_overlap contains_sequence map_concat".split(" "),
);

/** A type in a message: one that is long by its kind alone. */
export function shortName(type: SqlType): string {
  const name = typeName(type);
  return name.length > 60 ? `${type.kind}(...)` : name;
}

function pairFault(name: string, [first, second]: readonly SqlType[]): string | undefined {
  if (first === undefined || second === undefined) return undefined;
  const wanted =
    itemFunctions.has(name) && first.kind === "array"
      ? first.element
      : name === "element_at" && first.kind === "map"
        ? first.key
        : twinFunctions.has(name)
          ? first
          : undefined;
  if (wanted === undefined || mixable(wanted, second)) return undefined;
  return `argument 2 of '${name}' must be ${shortName(wanted)}, not ${shortName(second)}; cast one of them`;
}

/** What is wrong with the types of a call's arguments; undefined when nothing is. */
export function argumentFault(name: string, types: readonly SqlType[]): string | undefined {
  const list = taken.get(name);
  if (list === undefined) return pairFault(name, types);
  for (const [index, type] of types.entries()) {
    const wanted = list[index] ?? list.at(-1) ?? [];
    if (type.kind === "unknown" || wanted.some((kind) => kinds[kind][0](type))) continue;
    const names = wanted.map((kind) => kinds[kind][1]).join(" or ");
    return `argument ${index + 1} of '${name}' must be ${names}, not ${shortName(type)}; cast it first`;
  }
  return pairFault(name, types);
}
