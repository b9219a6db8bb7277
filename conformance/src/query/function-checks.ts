import type { Check } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { queried } from "./query-world.ts";
import { comesToNothing, haveValues, type Vector } from "./vectors.ts";

const at = "TIMESTAMP '2026-08-09 13:04:05'";
const json = `'{"a":{"b":[1,{"c":"x"}]},"n":null,"t":true,"odd.key":2}'`;
const list = "ARRAY['a', NULL, 'b']";

/** Trino's values, a list to a clause: other engines have functions of these names that say something else. */
const families: Readonly<Record<string, readonly Vector[]>> = {
  texts: [
    ["lower('ÀB')", "àb"],
    ["upper('ab')", "AB"],
    ["length('h\u00E9\u{1F600}')", "3"],
    ["substr('hello', 2, 3)", "ell"],
    ["substr('hello', -3)", "llo"],
    ["strpos('hello', 'l')", "3"],
    ["strpos('hello', 'z')", "0"],
    ["replace('aXbX', 'X', '-')", "a-b-"],
    ["concat('a', 'b', 'c')", "abc"],
    ["'a' || 'b'", "ab"],
    ["('a' || NULL) IS NULL", "true"],
    ["trim('  a ')", "a"],
    ["starts_with('hello', 'he')", "true"],
  ],
  split: [
    ["array_join(split('a,b,c', ',', 2), '|')", "a|b,c"],
    ["cardinality(split('a,,b', ','))", "3"],
    ["element_at(split('a/b/c', '/'), -1)", "c"],
    ["split_part('a,b', ',', 2)", "b"],
    ["split_part('a,b', ',', 3) IS NULL", "true"],
  ],
  "regular-expressions": [
    ["regexp_like('abc', 'b')", "true"],
    ["regexp_like('abc', '^b')", "false"],
    ["regexp_extract('abc', 'b(c)')", "bc"],
    ["regexp_extract('abc', 'b(c)', 1)", "c"],
    ["regexp_extract('abc', 'x') IS NULL", "true"],
    ["regexp_replace('a1b2', '[0-9]')", "ab"],
    ["regexp_replace('a1b2', '([0-9])', '<$1>')", "a<1>b<2>"],
  ],
  "whole-numbers": [
    ["7 / 2", "3"],
    ["-7 / 2", "-3"],
    ["7 % -3", "1"],
    ["-7 % 3", "-1"],
    ["1 + 2 * 3", "7"],
    ["CAST('12' AS bigint)", "12"],
    ["CAST(2.5e0 AS bigint)", "3"],
    ["try_cast('x' AS bigint) IS NULL", "true"],
    ["abs(-3)", "3"],
  ],
  try: [
    ["try(1 / 0) IS NULL", "true"],
    ["coalesce(try(CAST('x' AS bigint)), 7)", "7"],
    ["try(7 / 2)", "3"],
  ],
  "greatest-and-least": [
    ["greatest(1, 3, 2)", "3"],
    ["least('b', 'a')", "a"],
    ["greatest(1, NULL) IS NULL", "true"],
    ["least('a', NULL) IS NULL", "true"],
  ],
  dates: [
    [`date_trunc('hour', ${at})`, "2026-08-09 13:00:00.000"],
    [`date_trunc('week', ${at})`, "2026-08-03 00:00:00.000"],
    [`date_add('day', -7, ${at})`, "2026-08-02 13:04:05.000"],
    [`date_add('month', 1, TIMESTAMP '2026-01-31 00:00:00')`, "2026-02-28 00:00:00.000"],
    [`day_of_week(${at})`, "7"],
    ["year_of_week(TIMESTAMP '2027-01-01 00:00:00')", "2026"],
    ["week(TIMESTAMP '2027-01-01 00:00:00')", "53"],
    [`hour(${at})`, "13"],
    [`date_format(${at}, '%Y-%m-%d %H:%i:%s')`, "2026-08-09 13:04:05"],
    ["from_iso8601_timestamp('2026-08-10T00:00:00Z')", "2026-08-10 00:00:00.000"],
    ["from_unixtime(1786280645)", "2026-08-09 13:04:05.000"],
    [`to_unixtime(${at}) = 1786280645`, "true"],
  ],
  "date-diff": [
    ["date_diff('hour', TIMESTAMP '2026-01-01 00:59:00', TIMESTAMP '2026-01-01 01:01:00')", "0"],
    ["date_diff('day', TIMESTAMP '2026-01-01 12:00:00', TIMESTAMP '2026-01-02 11:00:00')", "0"],
    ["date_diff('day', TIMESTAMP '2026-01-02 00:00:00', TIMESTAMP '2026-01-01 00:00:00')", "-1"],
    ["date_diff('month', TIMESTAMP '2026-01-31 00:00:00', TIMESTAMP '2026-02-28 00:00:00')", "1"],
    ["date_diff('minute', TIMESTAMP '2026-01-01 00:00:00', TIMESTAMP '2026-01-01 01:00:59')", "60"],
  ],
  json: [
    [`json_extract_scalar(${json}, '$.a.b[1].c')`, "x"],
    [`json_extract_scalar(${json}, '$.a') IS NULL`, "true"],
    [`json_extract_scalar(${json}, '$.n') IS NULL`, "true"],
    [`json_extract_scalar(${json}, '$.t')`, "true"],
    [`json_extract_scalar(${json}, '$["odd.key"]')`, "2"],
    ["json_extract_scalar('no JSON', '$.a') IS NULL", "true"],
    [`json_format(json_extract(${json}, '$.a.b'))`, '[1,{"c":"x"}]'],
    [`json_size(${json}, '$.a')`, "1"],
    [`json_array_length(json_extract(${json}, '$.a.b'))`, "2"],
    ["json_array_contains('[\"a\",1]', 'a')", "true"],
    ["CAST(json_parse('\"x\"') AS varchar)", "x"],
    ["CAST(json_extract('{\"n\":3}', '$.n') AS bigint) + 1", "4"],
    ["element_at(CAST(json_parse('[1, \"2\"]') AS array(varchar)), 2)", "2"],
  ],
  "json-of-the-standard": [
    [`json_value(${json}, 'lax $.a.b[1].c')`, "x"],
    [`json_value(${json}, 'lax $.missing') IS NULL`, "true"],
    ["json_value('[{\"a\":1}]', 'lax $.a')", "1"],
    ["json_query('{\"a\":[1,2]}', 'lax $.a')", "[1,2]"],
    ["json_exists('{\"a\":1}', 'lax $.a')", "true"],
    ["json_exists('{\"a\":1}', 'lax $.b')", "false"],
  ],
  arrays: [
    ["ARRAY['a', 'b'][1]", "a"],
    ["element_at(ARRAY['a', 'b'], -1)", "b"],
    ["element_at(ARRAY['a'], 2) IS NULL", "true"],
    ["cardinality(ARRAY[1, NULL])", "2"],
    ["contains(ARRAY['a', 'b'], 'b')", "true"],
    ["contains(ARRAY['a', NULL], 'b') IS NULL", "true"],
    ["array_join(array_distinct(ARRAY['b', 'a', 'b']), ',')", "b,a"],
    ["array_join(array_sort(ARRAY['b', NULL, 'a']), ',')", "a,b"],
    ["cardinality(flatten(ARRAY[ARRAY[1], ARRAY[2, 3]]))", "3"],
    ["array_join(sequence(1, 3), ',')", "1,2,3"],
  ],
  "array-join": [
    [`array_join(${list}, ',')`, "a,b"],
    [`array_join(${list}, ',', '-')`, "a,-,b"],
    ["array_join(ARRAY[1, 2], '')", "12"],
  ],
  lambdas: [
    ["array_join(transform(ARRAY[1, 2], x -> x * 2), ',')", "2,4"],
    ["array_join(filter(ARRAY[1, 2, 3], x -> x > 1), ',')", "2,3"],
    ["any_match(ARRAY[1, 2], x -> x > 1)", "true"],
    ["any_match(ARRAY[1, NULL], x -> x > 1) IS NULL", "true"],
    ["all_match(ARRAY[1, 2], x -> x > 1)", "false"],
    ["reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s * 10)", "60"],
  ],
  maps: [
    ["cardinality(map_keys(eventData.requestParameters))", "4"],
    ["array_join(array_sort(map_keys(eventData.userIdentity.details)), ',')", "groups,level,mfa,team"],
    ["contains(map_values(eventData.requestParameters), 'app-0')", "true"],
    ["cardinality(map_filter(eventData.requestParameters, (k, v) -> starts_with(v, 'app')))", "1"],
    ["cardinality(eventData.requestParameters)", "4"],
  ],
  digests: [
    ["to_hex(md5(to_utf8('a')))", "0CC175B9C0F1B6A831C399E269772661"],
    ["lower(to_hex(sha256(to_utf8('a'))))", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
    ["to_hex(to_utf8('\u00E9'))", "C3A9"],
    ["to_base64(to_utf8('a?>'))", "YT8+"],
    ["from_utf8(to_utf8('\u00E9'))", "\u00E9"],
  ],
  urls: [
    ["url_extract_host('https://user@example.com:8080/a?b#c')", "example.com"],
    ["url_extract_path('https://example.com/a?b#c')", "/a"],
    ["url_extract_parameter('https://example.com/a?x=1&y=a%20b', 'y')", "a b"],
    ["url_extract_parameter('https://example.com/a?x=1', 'z') IS NULL", "true"],
    ["url_extract_host(element_at(eventData.requestParameters, 'url'))", "sso.example.com"],
  ],
  networks: [
    ["contains('192.0.2.0/25', CAST('192.0.2.127' AS ipaddress))", "true"],
    ["contains('192.0.2.0/25', CAST('192.0.2.128' AS ipaddress))", "false"],
    ["contains('2001:db8::/32', CAST('2001:db8::1' AS ipaddress))", "true"],
    ["contains('10.0.0.0/8', CAST('2001:db8::1' AS ipaddress))", "false"],
  ],
};

/** Expressions that have no value. */
const failures: readonly string[] = [
  "1 / 0",
  "1 % 0",
  "CAST('x' AS bigint)",
  "ARRAY['a'][2]",
  "json_parse('{')",
  "from_iso8601_timestamp('yesterday')",
];

/** SQL-2023: "all valid Trino SELECT statements, functions and operators". */
export const functionChecks: readonly Check<ServerWorld>[] = [
  ...Object.entries(families).map(([name, vectors]): Check<ServerWorld> => ({
    clause: `query/function/${name}`,
    run: async (world) =>
      haveValues(await queried(world), vectors, "FROM $STORE WHERE $MINE AND eventData.UID = 'uid-00'"),
  })),
  {
    clause: "query/function/what-has-no-value-fails",
    run: async (world) => {
      const place = await queried(world);
      for (const expression of failures)
        await comesToNothing(
          place,
          expression,
          `SELECT ${expression} AS v FROM $STORE WHERE $MINE AND eventData.UID = 'uid-00'`,
        );
    },
  },
  {
    clause: "query/function/names-in-any-case",
    run: async (world) =>
      haveValues(
        await queried(world),
        [
          ["UPPER('a')", "A"],
          ["Element_At(split('a,b', ','), 1)", "a"],
          ["COUNT(*) > 0", "true"],
        ],
        "FROM $STORE WHERE $MINE",
      ),
  },
];
