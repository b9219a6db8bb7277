import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scanJson } from "../src/index.ts";

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON text cut, doubled or with a few characters changed: near the border of validity. */
const mutated = fc
  .tuple(
    fc.oneof(fc.json(), fc.json({ depthSize: "large", stringUnit: "binary" })),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat({ max: 2 }),
        fc.constantFrom(...Array.from('{}[]",:0123456789.-+eE\\u/bfnrtdD8 \t\n\r\u0000\u001f\u00a0\ud83d\ude00')),
      ),
    ),
  )
  .map(([text, changes]) => {
    let result = text;
    for (const [place, cut, insert] of changes.slice(0, 3)) {
      const at = place % (result.length + 1);
      result = result.slice(0, at) + insert + result.slice(at + cut);
    }
    return result;
  });

const tokens = fc
  .array(
    fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      '"\\u0061"',
      "1",
      "-",
      "0",
      "01",
      "1.",
      "1e5",
      "true",
      "nul",
      "null",
      " ",
      '"\\ud800"',
      '"\\ud83d\\ude00"',
      '"',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

test("a text is syntactically JSON to both or to neither", () => {
  const counts = { valid: 0, invalid: 0 };
  fc.assert(
    fc.property(fc.oneof(mutated, tokens, fc.string({ unit: "binary" }), fc.json()), (text) => {
      const result = scanJson(text, { maxDepth: Number.POSITIVE_INFINITY });
      const valid = parses(text);
      counts[valid ? "valid" : "invalid"]++;
      // What is refused for another reason than syntax may be either: the first trouble ends the scan.
      return result.ok ? valid : result.reason === "syntax" ? !valid : result.reason !== "depth";
    }),
    { numRuns: 3000 },
  );
  console.info("texts", counts);
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(300);
});

/** Whether all strings and keys of a value are well-formed. */
function wellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && wellFormed(member));
}

test("what it accepts parses to well-formed strings; what JSON.stringify writes is accepted", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const text = JSON.stringify(value);
      const result = scanJson(text, { maxDepth: Number.POSITIVE_INFINITY });
      expect(result.ok).toBe(wellFormed(JSON.parse(text)));
    }),
  );
  fc.assert(
    fc.property(mutated, (text) => {
      return !scanJson(text).ok || wellFormed(JSON.parse(text));
    }),
  );
});

test("a key that is twice in one object is found wherever it is and however it is spelt", () => {
  const spelling = fc.constantFrom(
    (key: string) => JSON.stringify(key),
    (key: string) => `"${key.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`,
  );
  const key = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 5 }),
    fc.constantFrom("__proto__", "", "1", "toString"),
  );
  fc.assert(
    fc.property(
      key,
      fc.uniqueArray(key, { maxLength: 5 }),
      spelling,
      spelling,
      fc.nat({ max: 20 }),
      (twice, others, one, two, depth) => {
        const members = others.filter((other) => other !== twice).map((other) => `${JSON.stringify(other)}:[{}]`);
        const once = `{${[`${one(twice)}:1`, ...members].join(",")}}`;
        const again = `{${[`${one(twice)}:1`, ...members, `${two(twice)} : 2`].join(",")}}`;
        const wrap = (text: string): string => `${'[{"x":'.repeat(depth)}${text}${"}]".repeat(depth)}`;
        expect(scanJson(wrap(once))).toEqual({ ok: true });
        expect(scanJson(wrap(again))).toMatchObject({ ok: false, reason: "duplicate-key" });
      },
    ),
  );
});

test("the offset is where the trouble is", () => {
  expect(scanJson('{"a":tru}')).toMatchObject({ reason: "syntax", offset: 5 });
  expect(scanJson('{"a":1 "b":2}')).toMatchObject({
    reason: "syntax",
    offset: 7,
    message: "not JSON: unexpected U+0022 (at offset 7)",
  });
  expect(scanJson('["x')).toMatchObject({
    reason: "syntax",
    offset: 3,
    message: "not JSON: it ends too early (at offset 3)",
  });
  expect(scanJson('{"a":1,"b":2,"a":3}')).toMatchObject({ reason: "duplicate-key", offset: 13 });
  expect(scanJson('["\\udc00"]')).toMatchObject({ reason: "lone-surrogate", offset: 2 });
  expect(scanJson('["\\udc00\\udc00"]')).toMatchObject({ reason: "lone-surrogate", offset: 2 });
  expect(scanJson('["\udc00\udc00"]')).toMatchObject({ reason: "lone-surrogate", offset: 2 });
  // A raw half beside an escaped one makes a pair for JSON.parse, but no UTF-8 text has a raw half.
  expect(scanJson('["\ud83d\\ude00"]')).toMatchObject({ reason: "lone-surrogate", offset: 2 });
  expect(scanJson('["\\ud83d\ude00"]')).toMatchObject({ reason: "lone-surrogate", offset: 2 });
});
