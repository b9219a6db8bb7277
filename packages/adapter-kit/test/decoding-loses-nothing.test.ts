/* oxlint-disable typescript/no-unsafe-type-assertion, vitest/no-conditional-expect -- tests hand over what the types forbid */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCsv, decodeJson, decodeText } from "../src/index.ts";

const refused = (code: string) => expect.objectContaining({ code }) as Error;

test("numbers a double cannot hold keep their digits; all others stay numbers", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,22})?([eE][+-]?[0-9]{1,3})?$/), (literal) => {
      const { value, bigNumbers } = decodeJson(`{"n":[${literal},1]}`);
      const [n, one] = (value as { n: [unknown, unknown] }).n;
      expect(one).toBe(1);
      if (typeof n === "string") {
        expect(n).toBe(literal);
        expect(bigNumbers?.has(literal)).toBe(true);
      } else expect(decimal(String(n))).toEqual(decimal(literal));
    }),
    { numRuns: 2000 },
  );
});

/** A literal as an exact count of units at its last place. */
function decimal(literal: string): { digits: bigint; exponent: number } {
  const [mantissa = "", exponent = "0"] = literal.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  let digits = BigInt(whole + fraction);
  let power = Number(exponent) - fraction.length;
  while (digits !== 0n && digits % 10n === 0n) {
    digits /= 10n;
    power += 1;
  }
  return digits === 0n ? { digits, exponent: 0 } : { digits, exponent: power + 0 };
}

test.each([
  "9007199254740993",
  "-9007199254740993",
  "123456789012345678",
  "1e400",
  "-1e400",
  "0.1234567890123456789",
  "1E-400",
])("%s stays as it is", (literal) => {
  expect(decodeJson(`{ "a": ${literal} }`).value).toEqual({ a: literal });
  expect(decodeJson(literal).value).toBe(literal);
});

test.each([
  ["1e2", 100],
  ["1.10", 1.1],
  ["9007199254740992", 2 ** 53],
  ["0.30000000000000004", 0.1 + 0.2],
  ["-0", -0],
])("%s is a number", (literal, number) => {
  expect(decodeJson(literal)).toEqual({ value: number });
});

test("any JSON value without duplicate keys is decoded to itself", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(decodeJson(text).value).toEqual(JSON.parse(text));
    }),
  );
});

test("a key named twice is refused, also when one is escaped or inside an array", () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[[{"x":{"b":1,"b":1}}]]',
    '{"__proto__":1,"__proto__":2}',
  ])
    expect(() => decodeJson(text)).toThrow(refused("DUPLICATE_KEY"));
  expect(decodeJson('{"a:b":"c:d","e":":"}').value).toEqual({ "a:b": "c:d", e: ":" });
});

test("__proto__ is a key like any other", () => {
  const { value } = decodeJson('{"__proto__":{"polluted":12345678901234567890}}');
  expect(Object.keys(value as object)).toEqual(["__proto__"]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("depth is limited before anything is built", () => {
  expect(decodeJson("[".repeat(64) + "]".repeat(64)).value).toBeDefined();
  expect(() => decodeJson("[".repeat(65) + "]".repeat(65))).toThrow(refused("TOO_DEEP"));
  expect(() => decodeJson('{"a":'.repeat(1_000_000))).toThrow(refused("TOO_DEEP"));
  expect(decodeJson(`"${"[".repeat(100)}\\""`).value).toBe(`${"[".repeat(100)}"`);
});

test("what is not UTF-8 or not JSON is refused by name", () => {
  expect(() => decodeText(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(refused("NOT_UTF8"));
  expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d))).toBe("{}");
  for (const text of ["", " ", "{", "{} {}", '"a', "undefined", "{'a':1}", '{"a":1,}'])
    expect(() => decodeJson(text)).toThrow(refused("NOT_JSON"));
});

test("CSV rows are objects of texts", () => {
  expect(decodeCsv('a,"b ""c""",__proto__\r\n1,"x,\r\ny",z\n\n2\n')).toEqual([
    JSON.parse('{"a":"1","b \\"c\\"":"x,\\r\\ny","__proto__":"z"}'),
    { a: "2" },
  ]);
  for (const text of ["", "a,a\n1,2", "a\n1,2", 'a\n"1']) expect(() => decodeCsv(text)).toThrow(refused("NOT_CSV"));
});

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

test("any table comes back as it was written", () => {
  const cell = fc.string().map((text) => text.replaceAll("\r", ""));
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      const csv = ["one,two", ...rows.map((row) => row.map(quote).join(","))].join("\r\n");
      expect(decodeCsv(csv)).toEqual(rows.map(([one, two]) => ({ one, two })));
    }),
  );
});

test("escaped keys are read rightly after objects whose keys end in a backslash", () => {
  for (const key of ["\\\\", "a\\\\"]) decodeJson(`{"user":1,"${key}":2}`);
  expect(decodeJson('{"user":1,"\\n":"x"}').value).toEqual({ user: 1, "\n": "x" });
  expect(decodeJson('{"user":1,"a\\u0041":12345678901234567890}').value).toEqual({
    user: 1,
    aA: "12345678901234567890",
  });
});
