/* oxlint-disable vitest/no-conditional-expect, typescript/no-misused-spread -- any text may be read or refused */
import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeText } from "../src/index.ts";
import { headerOf, readSyslog } from "../src/readers/index.ts";
import type { Syslog } from "../src/readers/index.ts";

const nothing: Syslog = {
  form: "rfc3164",
  facility: undefined,
  severity: undefined,
  time: undefined,
  host: undefined,
  app: undefined,
  procId: undefined,
  msgId: undefined,
  structuredData: [],
  message: "",
};

test("RFC 5424, all of it", () => {
  const text =
    String.raw`<165>1 2026-01-31T12:00:00.003Z host.example.com app 42 ID47 [ex@32473 a="1" b="x\"y\\z\]" a="2"][other] ` +
    "\ufeffthe message";
  expect(readSyslog(text, { strict: true })).toEqual({
    form: "rfc5424",
    facility: 20,
    severity: 5,
    time: "2026-01-31T12:00:00.003Z",
    host: "host.example.com",
    app: "app",
    procId: "42",
    msgId: "ID47",
    structuredData: [
      {
        id: "ex@32473",
        parameters: [
          { name: "a", value: "1" },
          { name: "b", value: String.raw`x"y\z]` },
          { name: "a", value: "2" },
        ],
      },
      { id: "other", parameters: [] },
    ],
    message: "the message",
  });
  expect(readSyslog(text)).toEqual(readSyslog(text, { strict: true }));
  expect(readSyslog("<0>1 - - - - - -")).toEqual({ ...nothing, form: "rfc5424", facility: 0, severity: 0 });
});

test.each([
  [
    "<13>Jan  7 08:26:10 host app[42]: text",
    { facility: 1, severity: 5, time: "Jan  7 08:26:10", host: "host", app: "app", procId: "42", message: "text" },
  ],
  ['Jan 07 08:26:10 VAULT {"a": 1}', { time: "Jan 07 08:26:10", host: "VAULT", message: '{"a": 1}' }],
  [
    "<190>Jan 07 08:26:10 git.example.com audit: {}",
    { facility: 23, severity: 6, time: "Jan 07 08:26:10", host: "git.example.com", app: "audit", message: "{}" },
  ],
  [
    "<13>Jan  7 2026 08:26:10: host: text",
    { facility: 1, severity: 5, time: "Jan  7 2026 08:26:10", app: "host", message: "text" },
  ],
  [
    "<13>Jan  7 08:26:10.123 2001:db8::1 su: text",
    { facility: 1, severity: 5, time: "Jan  7 08:26:10.123", host: "2001:db8::1", app: "su", message: "text" },
  ],
  [
    "2026-01-31T12:00:00.5+01:00 host cron[7]: text",
    { time: "2026-01-31T12:00:00.5+01:00", host: "host", app: "cron", procId: "7", message: "text" },
  ],
  [
    "<13>2026-01-31T12:00:00Z host text of it",
    { facility: 1, severity: 5, time: "2026-01-31T12:00:00Z", host: "host", message: "text of it" },
  ],
  ["<13>text: more", { facility: 1, severity: 5, app: "text", message: "more" }],
  ["<13>Jan 31 12:00:00 CEF:0|a|b", { facility: 1, severity: 5, time: "Jan 31 12:00:00", message: "CEF:0|a|b" }],
  [
    "<13>Jan 31 12:00:00 host CEF:0|a|b",
    { facility: 1, severity: 5, time: "Jan 31 12:00:00", host: "host", message: "CEF:0|a|b" },
  ],
  ["<13>Jan 31 12:00:00 - \ufefftext", { facility: 1, severity: 5, time: "Jan 31 12:00:00", message: "text" }],
  ["<13>", { facility: 1, severity: 5 }],
  ["Jan 31 12:00:00", { time: "Jan 31 12:00:00" }],
])("RFC 3164 in practice: %j", (text, expected) => {
  expect(readSyslog(text)).toEqual({ ...nothing, ...expected });
  expect(() => readSyslog(text, { strict: true })).toThrow(expect.objectContaining({ code: "NOT_SYSLOG" }) as Error);
});

test.each([
  ['<5>1 2026-01-31T12:00:00Z VAULT {"a": "b c"}', { form: "rfc5424-short", host: "VAULT", message: '{"a": "b c"}' }],
  [
    "<5>1 2026-01-31T12:00:00Z VAULT CEF:0|a|b|c|d e f g - x",
    { form: "rfc5424-short", host: "VAULT", message: "CEF:0|a|b|c|d e f g - x" },
  ],
  ["<5>1 2026-01-31T12:00:00Z VAULT", { form: "rfc5424-short", host: "VAULT", message: "" }],
  [
    '<5>1 2026-01-31T12:00:00Z h a p m [x y="a]b\\c"] text',
    { form: "rfc5424", structuredData: [{ id: "x", parameters: [{ name: "y", value: "a]b\\c" }] }], message: "text" },
  ],
  [
    "<5>1 2026-01-31T12:00:00Z h a p m [x][x ] text",
    {
      form: "rfc5424",
      structuredData: [
        { id: "x", parameters: [] },
        { id: "x", parameters: [] },
      ],
    },
  ],
  [
    "<5>1 2026-01-31T12:00:00Z h a p m [not data] [text",
    { form: "rfc5424", structuredData: [], message: "[not data] [text" },
  ],
  ["<5>1 2026-01-31T12:00:00Z h a p m [x]text", { form: "rfc5424", structuredData: [], message: "[x]text" }],
  [
    "<5>1 2026-01-31t12:00:00.123456789z h a p m - text",
    { form: "rfc5424", time: "2026-01-31t12:00:00.123456789z", message: "text" },
  ],
])("liberties with RFC 5424: %j", (text, expected) => {
  expect(readSyslog(text)).toMatchObject(expected);
  expect(() => readSyslog(text, { strict: true })).toThrow(expect.objectContaining({ code: "NOT_SYSLOG" }) as Error);
});

test.each(["", "text", "<192>text", "<999>1 - - - - - -", "<a>text", "(13)text", "{}", "Foo 1 text"])(
  "%j is refused by name",
  (text) => {
    expect(() => readSyslog(text)).toThrow(expect.objectContaining({ code: "NOT_SYSLOG" }) as Error);
  },
);

test("a header is what a format hands on", () => {
  expect(headerOf(readSyslog("Jan 31 12:00:00 host app: text"))).toEqual({
    time: "Jan 31 12:00:00",
    host: "host",
    app: "app",
  });
  expect(headerOf(readSyslog("<13>text of it"))).toBeUndefined();
  expect(headerOf(undefined)).toBeUndefined();
});

const printable = (limit: number) =>
  fc.stringMatching(new RegExp(`^[!-~]{1,${limit}}$`)).filter((value) => !/^(?:CEF:|LEEF:|[{<])/.test(value));
const name = fc.stringMatching(/^[A-Za-z0-9@._-]{1,32}$/);
const parameter = fc.record({ name, value: fc.string({ unit: "grapheme", maxLength: 20 }) });
const dash = (value: string) => (value === "-" ? undefined : value);
const escaped = (value: string) => value.replaceAll(/["\\\]]/g, String.raw`\$&`);

test("what is written by RFC 5424 is read back", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 191 }),
      fc.date({ min: new Date("1970-01-01T00:00:00Z"), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true }),
      fc.tuple(printable(20), printable(20), printable(20), printable(20)),
      fc.uniqueArray(fc.record({ id: name, parameters: fc.array(parameter) }), { selector: ({ id }) => id }),
      fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => !text.startsWith("\ufeff")),
      (priority, date, [host, app, procId, msgId], structuredData, message) => {
        const data = structuredData.map(
          ({ id, parameters }) =>
            `[${[id, ...parameters.map((one) => `${one.name}="${escaped(one.value)}"`)].join(" ")}]`,
        );
        const text = `<${priority}>1 ${date.toISOString()} ${host} ${app} ${procId} ${msgId} ${data.join("") || "-"} ${message}`;
        const expected = {
          form: "rfc5424",
          facility: priority >> 3,
          severity: priority & 7,
          time: date.toISOString(),
          host: dash(host),
          app: dash(app),
          procId: dash(procId),
          msgId: dash(msgId),
          structuredData,
          message,
        };
        expect(readSyslog(text, { strict: true })).toEqual(expected);
        expect(readSyslog(text)).toEqual(expected);
      },
    ),
    { numRuns: 1000 },
  );
});

test("any text is read or refused by name, and what is strictly RFC 5424 reads the same either way", () => {
  const piece = fc.constantFrom(
    "<",
    "13",
    ">",
    "1",
    " ",
    "-",
    "[",
    "]",
    '"',
    "=",
    "\\",
    "x",
    "2026-01-31T12:00:00Z",
    "Jan 31 12:00:00",
    ":",
    "<13>1 - - - - - ",
    "\ufeff",
    "é",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
      (text) => {
        const read = (strict: boolean) => {
          try {
            return readSyslog(text, { strict });
          } catch (error) {
            expect(error).toMatchObject({ code: "NOT_SYSLOG" });
            return undefined;
          }
        };
        const strict = read(true);
        const open = read(false);
        if (strict !== undefined) expect(open).toEqual(strict);
      },
    ),
    { numRuns: 3000 },
  );
});

/** Vectors that name bytes do so by characters up to U+00FF. */
function textOf(vector: string): string {
  const bytes = Uint8Array.from(vector, (character) => character.charCodeAt(0));
  return [...vector].some((character) => character.charCodeAt(0) > 0xff) ? vector : decodeText(bytes);
}

function fails(text: () => string, strict: boolean): boolean {
  try {
    readSyslog(text(), { strict });
    return false;
  } catch {
    return true;
  }
}

test("public vectors: the valid are read strictly, the invalid refused", () => {
  const samples = new URL("../../../../shared/samples/custom/rfc5424.json", import.meta.url);
  if (!existsSync(samples)) return console.log("readSyslog: no samples beside the repository: skipped");
  const { valid, invalid }: { valid: string[]; invalid: string[] } = JSON.parse(readFileSync(samples, "utf8"));
  expect(valid.filter((vector) => fails(() => vector, true))).toEqual([]);
  expect(invalid.filter((vector) => !fails(() => textOf(vector), true))).toEqual([]);
  const open = invalid.filter((vector) => fails(() => textOf(vector), false)).length;
  console.log(
    `readSyslog: rfc5424.json: strict: ${valid.length} valid read, ${invalid.length} invalid refused; as it is: ${open} invalid refused`,
  );
});
