import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../src/index.ts";

/** Objects that make V8 read later escaped keys wrongly. */
function poison(): void {
  for (const key of ["\\\\", "a\\\\", "\\\\\\\\", "http:\\\\"])
    for (const first of ["user", "h", "a"]) JSON.parse(`{"${first}":1,"${key}":2}`);
}

test.each([
  ['{"user":1,"\\n":"x"}', { user: 1, "\n": "x" }],
  ['{"user":1,"\\u0041":"x"}', { user: 1, A: "x" }],
  ['{"h":1,"\\"":2}', { h: 1, '"': 2 }],
  ['{"user":1,"a\\n" : {"\\t":[{"\\/":1}]}}', { user: 1, "a\n": { "\t": [{ "/": 1 }] } }],
  ['{"user":1,"http:\\/\\/example.com\\/upn":"x"}', { user: 1, "http://example.com/upn": "x" }],
  ['{"key:0":1,"\\n":2}', { "key:0": 1, "\n": 2 }],
  ['{"a":1,"\\u005f_proto__":{"b":2}}', JSON.parse('{"a":1,"__proto__":{"b":2}}')],
])("%s is read with its own keys, whatever was read before", (text, expected) => {
  poison();
  const read = parseJson(text);
  expect(read).toEqual(expected);
  expect(JSON.stringify(read)).toBe(JSON.stringify(expected));
});

/** Writes a value with some characters of keys and texts escaped that need not be. */
function written(value: unknown, escapes: () => boolean): string {
  const unit = (character: string) =>
    escapes() ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : JSON.stringify(character).slice(1, -1);
  const text = (each: string) => `"${each.split("").map(unit).join("")}"`;
  if (Array.isArray(value)) return `[${value.map((each) => written(each, escapes)).join(",")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([key, member]) => `${text(key)}${escapes() ? " \n" : ""}:${written(member, escapes)}`)
      .join(",")}}`;
  return typeof value === "string" ? text(value) : JSON.stringify(value);
}

test("every value is read back, however its keys and texts are escaped, after poison", () => {
  const key = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.constantFrom("\\", "\n", "a\\", "a\n", '"', "://", "key:0", "__proto__", "a:b"),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("tree"), { maxLength: 4 }),
      tie("object"),
    ),
    object: fc.dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
  }));
  fc.assert(
    fc.property(tree, fc.infiniteStream(fc.boolean()), (value, escapes) => {
      poison();
      const text = written(value, () => escapes.next().value === true);
      expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(value));
    }),
    { numRuns: 2000 },
  );
});

test("what is no JSON is refused as ever, and a reviver sees numbers as they were written", () => {
  for (const text of ['{"\\n":1', '{"\\x":1}', '{"a\\":1}', '{"\\n":1}}', '{"\\ud800":}', '"\\', '{"a":"\\":1'])
    expect(() => parseJson(text)).toThrow(SyntaxError);
  const read = parseJson('{"\\n":12345678901234567890}', (_key, value, context) =>
    typeof value === "number" ? context?.source : value,
  );
  expect(read).toEqual({ "\n": "12345678901234567890" });
});
