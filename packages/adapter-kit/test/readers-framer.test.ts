import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Frame } from "../src/index.ts";
import { syslogFramer } from "../src/readers/index.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function cut(bytes: Uint8Array, sizes: readonly number[], limit = 1000): Frame[] {
  const framer = syslogFramer(limit);
  const found: Frame[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : sizes[turn % sizes.length]!;
    found.push(...framer.push(bytes.slice(at, at + size)));
    at += size;
  }
  return [...found, ...framer.end()];
}
const texts = (source: string, limit?: number) => cut(encode(source), [], limit).map(({ bytes }) => decode(bytes));
const counted = (message: string) => `${encode(message).length} ${message}`;

test("octet counts, with whatever the messages hold", () => {
  expect(texts(counted("<13>a\nb") + counted("<13>é 12 <x>") + counted("<1>"))).toEqual([
    "<13>a\nb",
    "<13>é 12 <x>",
    "<1>",
  ]);
});

test("line feeds, with digits at a line's start", () => {
  expect(texts("<13>a\r\n12 monkeys\n2026 <x>\n10<13>\n\n\0\n7\n<14>b")).toEqual([
    "<13>a",
    "12 monkeys",
    "2026 <x>",
    "10<13>",
    "7",
    "<14>b",
  ]);
});

test("a connection that counts may leave the priority out, and end messages by line feeds as well", () => {
  expect(
    texts(
      `${counted("<13>a")}\n${counted("Jan 31 12:00:00 b")}\r\n${counted("<13>c")}\0not counted\n${counted("<1>d")}`,
    ),
  ).toEqual(["<13>a", "Jan 31 12:00:00 b", "<13>c", "not counted", "<1>d"]);
});

test("a message over the limit is flagged, and the next is found", () => {
  const found = cut(
    encode(`${counted(`<13>${"x".repeat(50)}`)}${counted("<13>next")}${"y".repeat(30)}\n${counted("<1>")}`),
    [7],
    10,
  );
  expect(found.map(({ bytes, tooLong }) => [decode(bytes), tooLong])).toEqual([
    ["<13>xxxxxx", true],
    ["<13>next", undefined],
    ["yyyyyyyyyy", true],
    ["<1>", undefined],
  ]);
});

test("a count that is never reached ends with the source; one that is no count is text", () => {
  expect(texts("100 <13>cut off")).toEqual(["<13>cut off"]);
  expect(texts("12345678901 <13>x\n0 <13>y\n 5 <13>z")).toEqual(["12345678901 <13>x", "0 <13>y", " 5 <13>z"]);
  expect(texts("100")).toEqual(["100"]);
  expect(texts("100 ")).toEqual(["100 "]);
  expect(texts("100 <")).toEqual(["100 <"]);
});

test("any chunking of any bytes gives the same frames, with offsets that are byte-exact", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "<",
      "<13>",
      "1",
      "5 ",
      "5 <13>a",
      "1 <1",
      "0",
      " ",
      "a",
      "é",
      "\n",
      "\r\n",
      "\0",
      "12 <13>abcdefgh",
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      pieces,
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
      fc.constantFrom(3, 8, 1000),
      (parts, sizes, limit) => {
        const bytes = encode(parts.join(""));
        const found = cut(bytes, sizes, limit);
        expect(found).toEqual(cut(bytes, [], limit));
        let last = 0;
        for (const frame of found) {
          expect(frame.offset).toBeGreaterThanOrEqual(last);
          expect(frame.bytes).toEqual(bytes.slice(frame.offset, frame.offset + frame.bytes.length));
          expect(frame.bytes.length).toBeLessThanOrEqual(limit);
          last = frame.end;
        }
        expect(last).toBeLessThanOrEqual(bytes.length);
      },
    ),
    { numRuns: 2000 },
  );
});

test("counted messages come back as they were sent", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", maxLength: 30 })),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (messages, sizes) => {
        const sent = messages.map((message) => `<13>${message}`);
        expect(cut(encode(sent.map(counted).join("")), sizes).map(({ bytes }) => decode(bytes))).toEqual(sent);
      },
    ),
  );
});
