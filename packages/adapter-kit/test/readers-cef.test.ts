import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { labelled, readCef, readCefTime } from "../src/readers/index.ts";

const extensionsOf = (text: string) =>
  readCef(`CEF:0|Vendor|Product|1.0|100|Name|5|${text}`).extensions.map(({ key, value }) => [key, value]);

test("the header's fields are the seven, with escapes read and quotes around them gone", () => {
  expect(readCef(String.raw`CEF:1|"A vendor"|pro\|duct|1\\2|a\b|"the name"|Very-High|`)).toEqual({
    prefix: "",
    header: undefined,
    version: "1",
    vendor: "A vendor",
    product: "pro|duct",
    deviceVersion: String.raw`1\2`,
    signatureId: String.raw`a\b`,
    name: "the name",
    severity: "Very-High",
    extensions: [],
  });
});

test.each([
  ["Jan  7 08:26:10 host ", { form: "rfc3164", time: "Jan  7 08:26:10", host: "host" }],
  ["<190>Jan 15 08:19:00 VAULT ", { form: "rfc3164", facility: 23, severity: 6, host: "VAULT" }],
  ["<5>1 2026-01-24T22:53:03Z VAULT ", { form: "rfc5424-short", time: "2026-01-24T22:53:03Z", host: "VAULT" }],
  ["<13>1 2026-01-24T22:53:03Z host app - - - ", { form: "rfc5424", app: "app" }],
  ["<134>", { form: "rfc3164", facility: 16, time: undefined }],
])("the header before it is read: %j", (prefix, header) => {
  const cef = readCef(`${prefix}CEF:0|a|b|c|d|e|5|k=v`);
  expect(cef.prefix).toBe(prefix);
  expect(cef.header).toMatchObject(header);
  expect(cef.vendor).toBe("a");
});

test("text before it that is no syslog header is kept, not read", () => {
  expect(readCef("2026 something CEF:0|a|b|c|d|e|5|")).toMatchObject({ prefix: "2026 something ", header: undefined });
});

test("the last pipe, and with it the extension, may be missing", () => {
  expect(readCef("CEF:0|a|b|c|d|e|")).toMatchObject({ name: "e", severity: "", extensions: [] });
});

test.each([
  "",
  "CEF",
  "CEF:",
  "CEF:0",
  "CEF:0|a|b|c|d|e",
  "CEF:x|a|b|c|d|e|5|",
  "LEEF:1.0|a|b|c|d|",
  "xCEF:0|a|b|c|d|e|5|",
  '{"CEF":1}',
])("%j is refused by name", (text) => {
  expect(() => readCef(text)).toThrow(expect.objectContaining({ code: "NOT_CEF" }) as Error);
});

test.each([
  [
    "values hold blanks and end at the next key",
    "msg=a b c  src=192.0.2.1 ",
    [
      ["msg", "a b c"],
      ["src", "192.0.2.1"],
    ],
  ],
  [
    "escapes",
    String.raw`a=1\=2 b=x\\y c=l\nm\rn d=C:\dir\| e=\\n`,
    [
      ["a", "1=2"],
      ["b", String.raw`x\y`],
      ["c", "l\nm\rn"],
      ["d", String.raw`C:\dir\|`],
      ["e", String.raw`\n`],
    ],
  ],
  [
    "an escaped equals sign begins no key",
    String.raw`act=was a\=b and \= dst=192.0.2.2`,
    [
      ["act", "was a=b and ="],
      ["dst", "192.0.2.2"],
    ],
  ],
  [
    "an equals sign in a URL",
    "request=https://example.com/?id=a&b=c dst=192.0.2.2",
    [
      ["request", "https://example.com/?id=a&b=c"],
      ["dst", "192.0.2.2"],
    ],
  ],
  [
    "a URL within a text",
    "msg=see https://example.com/?id=a now dst=192.0.2.2",
    [
      ["msg", "see https://example.com/?id=a now"],
      ["dst", "192.0.2.2"],
    ],
  ],
  [
    "an equals sign at once",
    "msg=status=ok reason=none",
    [
      ["msg", "status=ok"],
      ["reason", "none"],
    ],
  ],
  [
    "an equals sign between blanks",
    "msg=x = y act=z",
    [
      ["msg", "x = y"],
      ["act", "z"],
    ],
  ],
  [
    "empty values",
    "a= b=  c=",
    [
      ["a", ""],
      ["b", ""],
      ["c", ""],
    ],
  ],
  [
    "an empty key",
    "act=Accept =192.0.2.9 x=y",
    [
      ["act", "Accept"],
      ["", "192.0.2.9"],
      ["x", "y"],
    ],
  ],
  [
    "an empty key at the start",
    "=1 x=y",
    [
      ["", "1"],
      ["x", "y"],
    ],
  ],
  ["text without a key", "just some text", [["", "just some text"]]],
  [
    "text before the first key",
    "text a=b",
    [
      ["", "text"],
      ["a", "b"],
    ],
  ],
  [
    "repeated keys",
    "a=1 b=2 a=3",
    [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
    ],
  ],
  [
    "keys that products write",
    "ad.field-1=1 a_b=2 list[0]=3 été=4",
    [
      ["ad.field-1", "1"],
      ["a_b", "2"],
      ["list[0]", "3"],
      ["été", "4"],
    ],
  ],
  [
    "tabs between",
    "a=1\tb=2",
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  [
    "quotes around a value",
    'act="Logon" cs1= src="192.0.2.1" msg=""',
    [
      ["act", "Logon"],
      ["cs1", ""],
      ["src", "192.0.2.1"],
      ["msg", ""],
    ],
  ],
  [
    "a key within quotes",
    'msg="a b=c d=e" act=f',
    [
      ["msg", "a b=c d=e"],
      ["act", "f"],
    ],
  ],
  [
    "a path that ends within quotes",
    String.raw`fname="Root\dir\" act=f`,
    [
      ["fname", String.raw`Root\dir\\`.slice(0, -1)],
      ["act", "f"],
    ],
  ],
  [
    "quotes within quotes",
    'msg="say "hi" now" act=f',
    [
      ["msg", '"say "hi" now"'],
      ["act", "f"],
    ],
  ],
  [
    "a quote that is never closed",
    'msg="a b=c d=e',
    [
      ["msg", '"a'],
      ["b", "c"],
      ["d", "e"],
    ],
  ],
  [
    "a key named like a member of every object",
    "__proto__=1 constructor=2",
    [
      ["__proto__", "1"],
      ["constructor", "2"],
    ],
  ],
] as const)("%s", (_name, text, expected) => {
  expect(extensionsOf(text)).toEqual(expected);
});

test("raw is what is written, for producers that escape nothing", () => {
  const [extension] = readCef(String.raw`CEF:0|a|b|c|d|e|5|fname= "Root\new\record" x=`).extensions;
  expect(extension).toEqual({ key: "fname", value: "Root\new\record", raw: String.raw`"Root\new\record"` });
});

test("more extensions than 10,000 are refused", () => {
  expect(extensionsOf("k=v ".repeat(10_000))).toHaveLength(10_000);
  expect(() => extensionsOf("k=v ".repeat(10_001))).toThrow(expect.objectContaining({ code: "NOT_CEF" }) as Error);
});

const named = (text: string, skip?: ReadonlySet<string>) =>
  labelled(readCef(`CEF:0|a|b|c|d|e|5|${text}`).extensions, skip);

test("labels name the custom fields, and no value is lost", () => {
  expect(
    named(
      'cs1Label="Affected User" cs1= cn1Label=Count cn1=7 cfp1=0.5 cfp1Label=Up deviceCustomDate1=9 deviceCustomDate1Label=When c6a1=::1 c6a1Label=Own act=x',
    ),
  ).toEqual({
    "Affected User": "",
    Count: "7",
    Up: "0.5",
    When: "9",
    Own: "::1",
    act: "x",
  });
  expect(named("cs2Label=Rule cs3=three cs3Label= nameLabel=x name=y")).toEqual({
    cs2Label: "Rule",
    cs3: "three",
    cs3Label: "",
    nameLabel: "x",
    name: "y",
  });
  expect(named("flexString1=1 flexString1=2 flexString1Label=V V=3 cs1=4 cs1Label=V cs1Label=W")).toEqual({
    V: ["1", "2", "3", "4"],
    cs1Label: "W",
  });
  expect(named("cs1=1 cs1Label=x src=192.0.2.1 act=y", new Set(["cs1", "src"]))).toEqual({ act: "y" });
  expect(Object.keys(named("cs1=1 cs1Label=__proto__"))).toEqual(["__proto__"]);
});

const header = fc.string({ unit: "grapheme", maxLength: 30 }).map((value) => value.trim());
/** What a value may be: a reader that cuts blanks around it cannot know of them, and quotes around it are not meant. */
const valueOf = fc
  .oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.stringMatching(/^[ab= \\|"\n\r]{0,20}$/))
  .map((value) => value.replaceAll("\t", " ").replace(/^ +/, "").replace(/ +$/, ""));
const keyOf = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,12}$/);
const escapeHeader = (value: string) => value.replaceAll(/[\\|]/g, String.raw`\$&`);
const escapeValue = (value: string) =>
  value
    .replaceAll(/[\\=]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`);
const bare = (value: string) => (/^"[^"]*"$/.test(value) && value.length > 1 ? value.slice(1, -1) : value);

test("what is written by the escaping rules is read back", () => {
  fc.assert(
    fc.property(
      fc.tuple(header, header, header, header, header, header),
      fc.array(fc.tuple(keyOf, valueOf)),
      (fields, pairs) => {
        // A value that opens with a quote claims everything up to a quote that a key follows: such pairs are another test's.
        const sound = pairs.filter(([, value]) => !value.startsWith('"') || bare(value) !== value);
        const text = `CEF:0|${fields.map(escapeHeader).join("|")}|${sound.map(([key, value]) => `${key}=${escapeValue(value)}`).join(" ")}`;
        const read = readCef(text);
        expect([read.vendor, read.product, read.deviceVersion, read.signatureId, read.name, read.severity]).toEqual(
          fields.map(bare),
        );
        expect(read.extensions.map(({ key, value }) => [key, value])).toEqual(
          sound.map(([key, value]) => [key, bare(value)]),
        );
        const values = Object.values(labelled(read.extensions)).flat();
        expect(values.length).toBeLessThanOrEqual(read.extensions.length);
      },
    ),
    { numRuns: 1000 },
  );
});

test("any text is read or refused by name, and every character of an extension is in a key or a raw value", () => {
  const piece = fc.constantFrom(
    " ",
    "\t",
    "=",
    '"',
    "\\",
    "|",
    "a",
    "bc",
    "é",
    "\n",
    ".",
    " k=",
    '" k=',
    '="',
    "CEF:0|",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
      (text) => {
        const { extensions } = readCef(`CEF:0|a|b|c|d|e|5|${text}`);
        const read = extensions.map(({ key, raw }) => key + raw).join("");
        expect(read.replaceAll(/[= \t]/g, "")).toBe(text.replaceAll(/[= \t]/g, ""));
      },
    ),
    { numRuns: 2000 },
  );
});

test("real lines of many products are read", () => {
  const samples = new URL("../../../../shared/samples/custom/cef.txt", import.meta.url);
  if (!existsSync(samples)) return console.log("readCef: no samples beside the repository: skipped");
  const lines = readFileSync(samples, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const extensions = lines.flatMap((line) => readCef(line).extensions);
  const times = extensions.filter(({ key }) => key === "rt" || key === "start");
  expect(times.filter(({ value }) => readCefTime(value) === undefined)).toEqual([]);
  console.log(`readCef: cef.txt: ${lines.length}/${lines.length} read, ${extensions.length} extensions`);
});
