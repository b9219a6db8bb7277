/* oxlint-disable typescript/no-unsafe-type-assertion, vitest/no-conditional-expect -- tests hand over what the types forbid */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { framerOf, frames, jsonElements } from "../src/index.ts";
import type { Format, Frame } from "../src/index.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function cut(frame: Format["frame"], bytes: Uint8Array, sizes: readonly number[], maxFrameBytes?: number): Frame[] {
  const framer = framerOf(frame, { maxFrameBytes });
  const found: Frame[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] as number);
    found.push(...framer.push(bytes.slice(at, at + size)));
    at += size;
  }
  found.push(...framer.end());
  return found.map((one) => ({ ...one, bytes: one.bytes.slice() }));
}

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 });
const pieces = fc.array(
  fc.constantFrom(
    "a",
    "é",
    '"',
    '""',
    "\\",
    '\\"',
    ",",
    "\n",
    "\r\n",
    "\r",
    " ",
    "{",
    "}",
    "[",
    "]",
    ":",
    '"k"',
    '"k":',
    "1",
    "null",
    "\ufeff",
    "xyz",
  ),
  { maxLength: 40 },
);
const kinds: readonly Format["frame"][] = [
  "line",
  "body",
  "csv",
  { elementsOf: "" },
  { elementsOf: "/k" },
  { elementsOf: "/k/0" },
];

test("any chunking of any bytes gives the same frames", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      pieces,
      sizes,
      fc.constantFrom(undefined, 1, 3, 8),
      (frame, parts, chunks, limit) => {
        const bytes = encode(parts.join(""));
        expect(cut(frame, bytes, chunks, limit)).toEqual(cut(frame, bytes, [], limit));
      },
    ),
    { numRuns: 2000 },
  );
});

test("offsets are byte-exact, in order, and no frame holds more than the limit", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      pieces,
      sizes,
      fc.integer({ min: 1, max: 12 }),
      (frame, parts, chunks, limit) => {
        const bytes = encode(parts.join(""));
        let last = 0;
        for (const one of cut(frame, bytes, chunks, limit)) {
          expect(one.offset).toBeGreaterThanOrEqual(last);
          expect(one.end).toBeGreaterThan(one.offset);
          expect(one.end).toBeLessThanOrEqual(bytes.length);
          last = one.end;
          if (frame === "csv") continue;
          expect(one.bytes.length).toBeLessThanOrEqual(limit);
          expect(one.bytes).toEqual(bytes.slice(one.offset, one.offset + one.bytes.length));
          if (one.tooLong !== true)
            expect(decode(bytes.slice(one.offset + one.bytes.length, one.end))).toMatch(/^\r?\n?$/);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("no byte of a line is lost: frames and blanks between them are the source", () => {
  fc.assert(
    fc.property(pieces, sizes, (parts, chunks) => {
      const bytes = encode(parts.join(""));
      let rest = "";
      let last = 0;
      for (const one of cut("line", bytes, chunks)) {
        rest += decode(bytes.slice(last, one.offset));
        last = one.end;
      }
      expect((rest + decode(bytes.slice(last))).replaceAll(/[\s\ufeff]/g, "")).toBe("");
    }),
  );
});

test("lines end by LF, CRLF or the end of the file; blank lines are keep-alives", () => {
  const found = cut("line", encode("\ufeffone\r\n\r\n  \ntwo\nthree\r"), []);
  expect(found.map((one) => [decode(one.bytes), one.offset, one.end])).toEqual([
    ["one", 0, 8],
    ["two", 13, 17],
    ["three", 17, 23],
  ]);
});

test("a line over the limit is flagged and the next ones are read", () => {
  const found = cut("line", encode("short\nmuch too long\r\nok\r\n"), [4], 5);
  expect(found.map((one) => [decode(one.bytes), one.tooLong])).toEqual([
    ["short", undefined],
    ["much ", true],
    ["ok", undefined],
  ]);
});

test("each element of an array at any depth is one frame of its own bytes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.jsonValue(),
      fc.constantFrom("", "  ", "\n"),
      sizes,
      (elements, other, gap, chunks) => {
        const texts = elements.map((element) => JSON.stringify(element));
        const array = `[${gap}${texts.join(`${gap},${gap}`)}${gap}]`;
        const noise = JSON.stringify({ Records: other, a: [other] });
        const documents: [string, string][] = [
          ["", array],
          ["/Records", `{"noise":${noise},${gap}"R\\u0065cords"${gap}:${gap}${array},"after":${noise}}`],
          ["/a~1b/1/Records", `{"x":"]}","a/b":[${noise},{"Records":${array}},{"Records":[${noise}]}]}`],
        ];
        for (const [pointer, document] of documents) {
          const bytes = encode(document + gap + document);
          const found = cut({ elementsOf: pointer }, bytes, chunks);
          expect(found.map((one) => decode(one.bytes))).toEqual([...texts, ...texts]);
          for (const one of found) expect(one.bytes).toEqual(bytes.slice(one.offset, one.end));
        }
      },
    ),
  );
});

test("a document without the array is one frame, not nothing", () => {
  const document = '{"errorCode":"E0000011","Records":{"a":[1]}}';
  expect(cut({ elementsOf: "/Records" }, encode(`${document}\n[{}]`), [3]).map((one) => decode(one.bytes))).toEqual([
    document,
    "[{}]",
  ]);
  expect(cut(jsonElements("").frame, encode("not json [1]\n[2]"), [2]).map((one) => decode(one.bytes).trim())).toEqual([
    "not json [1]",
    "2",
  ]);
});

test("a file cut off inside an element ends in that element's frame", () => {
  expect(cut({ elementsOf: "" }, encode('[{"a":1},{"b":"x'), [2]).map((one) => decode(one.bytes))).toEqual([
    '{"a":1}',
    '{"b":"x',
  ]);
});

test("CSV frames can be read alone: header and row", () => {
  const found = cut("csv", encode('\ufeff"id",text\r\n1,"two\r\nlines, ""quoted"""\r\n\r\n2,5" disk\n3'), [3]);
  expect(found.map((one) => decode(one.bytes.slice(3)))).toEqual([
    '"id",text\n1,"two\r\nlines, ""quoted"""',
    '"id",text\n2,5" disk',
    '"id",text\n3',
  ]);
});

async function* source() {
  yield encode("a\nb");
  yield encode("\nc\nd\n");
}

test("frames come in arrays from an async source", async () => {
  const arrays: string[][] = [];
  for await (const found of frames("line", source())) arrays.push(found.map((one) => decode(one.bytes)));
  expect(arrays).toEqual([["a"], ["b", "c", "d"]]);
});
