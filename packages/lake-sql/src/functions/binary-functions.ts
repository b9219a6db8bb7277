import { bigint, varchar, type SqlType } from "../sql-type.ts";
import { call, letIn, scalar, type FunctionRow } from "./function-row.ts";

const blob: SqlType = { kind: "varbinary" };
const mask = (bits: number): string => `CAST('${(2n ** BigInt(bits) - 1n).toString()}' AS HUGEINT)`;
/** The lowest `bits` of a whole number that is not negative, read as a number with a sign. */
const signed = (of: string, bits: number): string =>
  letIn(
    [of],
    (n) =>
      `CASE WHEN ${n} > CAST('${(2n ** BigInt(bits - 1) - 1n).toString()}' AS HUGEINT) THEN ${n} - CAST('${(2n ** BigInt(bits)).toString()}' AS HUGEINT) ELSE ${n} END`,
  );
const widths = new Map([
  ["tinyint", 8],
  ["smallint", 16],
  ["integer", 32],
]);

/** A shift in the width of its first argument, as a whole number of that type. */
function shift(name: string, template: (value: string, by: string, bits: number) => string): FunctionRow {
  return {
    name,
    kind: "scalar",
    arity: [2, 2],
    emit: ([value, by]) => {
      const bits = widths.get(value?.type.kind ?? "") ?? 64;
      const type: SqlType = bits === 64 ? bigint : (value?.type ?? bigint);
      return { sql: `CAST(${template(value?.sql ?? "", by?.sql ?? "", bits)} AS ${type.kind.toUpperCase()})`, type };
    },
  };
}

export const bitwiseFunctions: readonly FunctionRow[] = [
  scalar("bitwise_and", 2, bigint, (a, b) => `(CAST(${a} AS BIGINT) & CAST(${b} AS BIGINT))`),
  scalar("bitwise_or", 2, bigint, (a, b) => `(CAST(${a} AS BIGINT) | CAST(${b} AS BIGINT))`),
  scalar("bitwise_xor", 2, bigint, (a, b) => `xor(CAST(${a} AS BIGINT), CAST(${b} AS BIGINT))`),
  scalar("bitwise_not", 1, bigint, (a) => `(~CAST(${a} AS BIGINT))`),
  scalar(
    "bit_count",
    2,
    bigint,
    (n, bits) =>
      `CAST(bit_count(CASE WHEN (${bits}) >= 64 THEN CAST(${n} AS BIGINT) ELSE CAST(CAST(${n} AS HUGEINT) & ((CAST(1 AS HUGEINT) << CAST(${bits} AS HUGEINT)) - 1) AS BIGINT) END) AS BIGINT)`,
  ),
  shift("bitwise_left_shift", (n, by, bits) =>
    signed(
      `CASE WHEN (${by}) >= ${bits} THEN 0 ELSE ((CAST(${n} AS HUGEINT) & ${mask(bits)}) * (CAST(1 AS HUGEINT) << CAST(least(${by}, 63) AS HUGEINT))) & ${mask(bits)} END`,
      bits,
    ),
  ),
  shift("bitwise_right_shift", (n, by, bits) =>
    signed(
      `CASE WHEN (${by}) >= ${bits} THEN 0 ELSE (CAST(${n} AS HUGEINT) & ${mask(bits)}) >> CAST(${by} AS HUGEINT) END`,
      bits,
    ),
  ),
  shift(
    "bitwise_right_shift_arithmetic",
    (n, by, bits) => `(CAST(${n} AS BIGINT) >> CAST(least(${by}, ${bits - 1}) AS BIGINT))`,
  ),
];

export const binaryFunctions: readonly FunctionRow[] = [
  scalar("to_utf8", 1, blob, call("encode")),
  scalar("from_utf8", 1, varchar, call("decode")),
  scalar("to_hex", 1, varchar, call("hex")),
  scalar("from_hex", 1, blob, call("unhex")),
  scalar("to_base64", 1, varchar, call("to_base64")),
  scalar("from_base64", 1, blob, call("from_base64")),
  scalar("to_base64url", 1, varchar, (bytes) => `translate(to_base64(${bytes}), '+/', '-_')`),
  scalar("from_base64url", 1, blob, (text) => `from_base64(translate(${text}, '-_', '+/'))`),
  scalar("to_big_endian_32", 1, blob, (n) => `unhex(right(lpad(to_hex(CAST(${n} AS BIGINT)), 16, '0'), 8))`),
  scalar("to_big_endian_64", 1, blob, (n) => `unhex(lpad(to_hex(CAST(${n} AS BIGINT)), 16, '0'))`),
  scalar(
    "from_big_endian_32",
    1,
    { kind: "integer" },
    (bytes) => `CAST(${signed(`CAST(CAST('0x' || hex(${bytes}) AS UBIGINT) AS HUGEINT)`, 32)} AS INTEGER)`,
  ),
  scalar(
    "from_big_endian_64",
    1,
    bigint,
    (bytes) => `CAST(${signed(`CAST(CAST('0x' || hex(${bytes}) AS UBIGINT) AS HUGEINT)`, 64)} AS BIGINT)`,
  ),
  scalar("md5", 1, blob, (bytes) => `unhex(md5(${bytes}))`),
  scalar("sha1", 1, blob, (bytes) => `unhex(sha1(${bytes}))`),
  scalar("sha256", 1, blob, (bytes) => `unhex(sha256(${bytes}))`),
];
