import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Frame } from "../src/index.ts";
import { syslogFramer } from "../src/readers/index.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function cut(bytes: Uint8Array, sizes: readonly number[], limit = 1000, pieces = false): Frame[] {
  const framer = syslogFramer(limit, { pieces });
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

test("a counted message that the source breaks off is flagged, a line is not", () => {
  expect(cut(encode("100 <13>cut off"), []).map(({ unfinished }) => unfinished)).toEqual([true]);
  expect(cut(encode("<13>whole\n<13>no line feed"), []).map(({ unfinished }) => unfinished)).toEqual([
    undefined,
    undefined,
  ]);
});

test("in pieces, all of a message over the limit comes out, and all of its pieces say so", () => {
  const long = `<13>${"x".repeat(50)}`;
  const source = `${counted(long)}${counted("<13>next")}${"y".repeat(30)}\r\n${"z".repeat(10)}\r\n${counted("<1>")}`;
  const found = cut(encode(source), [7], 10, true);
  const joined = (from: number, to: number) =>
    found
      .slice(from, to)
      .map(({ bytes }) => decode(bytes))
      .join("");
  expect(found.map(({ bytes, tooLong }) => [bytes.length, tooLong])).toEqual([
    ...[11, 11, 11, 11, 10].map((length) => [length, true]),
    [8, undefined],
    ...[11, 11, 8].map((length) => [length, true]),
    [10, undefined],
    [3, undefined],
  ]);
  expect([joined(0, 5), joined(5, 6), joined(6, 9)]).toEqual([long, "<13>next", "y".repeat(30)]);
});

const textOf = (frames: readonly Frame[]) => frames.map((frame) => decode(frame.bytes)).join("");

test("in pieces or not, messages within the limit are the same, and no byte of one over it is missing", () => {
  const part = fc.oneof(
    fc.string({ maxLength: 40 }).map((text) => counted(`<13>${text}`)),
    fc.stringMatching(/^<13>[a-z0-9 ]{0,40}\n$/),
  );
  fc.assert(
    fc.property(
      fc.array(part),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 20, max: 60 }),
      (parts, size, limit) => {
        const bytes = encode(parts.join(""));
        const whole = cut(bytes, [size], 10_000);
        const found = cut(bytes, [size], limit, true);
        expect(found.filter(({ tooLong }) => tooLong !== true)).toEqual(
          whole.filter((frame) => frame.bytes.length <= limit),
        );
        expect(textOf(found)).toBe(textOf(whole));
        for (const frame of found)
          expect(frame.bytes).toEqual(bytes.slice(frame.offset, frame.offset + frame.bytes.length));
      },
    ),
    { numRuns: 1000 },
  );
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
      fc.boolean(),
      (parts, sizes, limit, inPieces) => {
        const bytes = encode(parts.join(""));
        const found = cut(bytes, sizes, limit, inPieces);
        expect(found).toEqual(cut(bytes, [], limit, inPieces));
        let last = 0;
        for (const frame of found) {
          expect(frame.offset).toBeGreaterThanOrEqual(last);
          expect(frame.bytes).toEqual(bytes.slice(frame.offset, frame.offset + frame.bytes.length));
          expect(frame.bytes.length).toBeLessThanOrEqual(inPieces ? limit + 1 : limit);
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
