/* oxlint-disable vitest/no-conditional-expect -- a hostile text may be read or refused */
import { expect, test } from "vitest";
import {
  labelled,
  readCef,
  readCefTime,
  readLeef,
  readSimpleDate,
  readSyslog,
  syslogFramer,
} from "../src/readers/index.ts";

const cef = (text: string) => () => labelled(readCef(`CEF:0|a|b|c|d|e|5|${text}`).extensions);
const header = "<13>1 2026-01-31T12:00:00Z h a p m ";

/** Worst cases: each a text of some length and what reads it. Refusals count too. */
const hostile: readonly (readonly [string, (length: number) => () => unknown])[] = [
  ["CEF: keys without values", (length) => cef("k= ".repeat(length / 3))],
  ["CEF: quotes never closed", (length) => cef('k="x '.repeat(length / 5))],
  ["CEF: quotes everywhere", (length) => cef('"'.repeat(length))],
  ["CEF: quotes and blanks", (length) => cef('"    '.repeat(length / 5))],
  ["CEF: quotes that almost close", (length) => cef(`k="${'" kkkkkkkk '.repeat(length / 11)}`)],
  ["CEF: blanks", (length) => cef(`k=${" ".repeat(length)}x`)],
  ["CEF: one long word", (length) => cef("k".repeat(length))],
  ["CEF: equals signs", (length) => cef(" =".repeat(length / 2))],
  ["CEF: backslashes", (length) => cef(`k=${"\\".repeat(length)}`)],
  ["CEF: backslashes in the header", (length) => () => readCef(`CEF:0|${"\\".repeat(length)}`)],
  ["CEF: pipes", (length) => () => readCef(`CEF:0${"|".repeat(length)}`)],
  ["CEF: beginnings", (length) => () => readCef("CEF:0 ".repeat(length / 6))],
  ["CEF: a long prefix", (length) => () => readCef(`${" CEF".repeat(length / 4)} CEF:0|a|b|c|d|e|5|`)],
  ["CEF: labels", (length) => cef("cs1Label=x cs1=y ".repeat(length / 17))],
  ["LEEF: tabs", (length) => () => readLeef(`LEEF:1.0|v|p|1|id|${"\t".repeat(length)}`)],
  ["LEEF: attributes", (length) => () => readLeef(`LEEF:1.0|v|p|1|id|${"a=\t".repeat(length / 3)}`)],
  ["LEEF: no pipes", (length) => () => readLeef(`LEEF:1.0|${"x".repeat(length)}`)],
  ["LEEF: beginnings", (length) => () => readLeef(" LEEF:1.0".repeat(length / 9))],
  ["syslog: elements", (length) => () => readSyslog(`${header}${"[x]".repeat(length / 3)}`)],
  ["syslog: a value never closed", (length) => () => readSyslog(`${header}[x y="${"a".repeat(length)}`)],
  ["syslog: backslashes", (length) => () => readSyslog(`${header}[x y="${"\\\\".repeat(length / 2)}"]`)],
  ["syslog: parameters", (length) => () => readSyslog(`${header}[x${' y="z"'.repeat(length / 6)}`)],
  ["syslog: strict", (length) => () => readSyslog(`${header}[x${' y="z"'.repeat(length / 6)}]`, { strict: true })],
  ["syslog: long fields", (length) => () => readSyslog(`<13>1 - ${"h".repeat(length)}`)],
  ["syslog: a long tag", (length) => () => readSyslog(`<13>Jan 31 12:00:00 ${"a".repeat(length)}[`)],
  ["syslog: blanks", (length) => () => readSyslog(`<13>${" ".repeat(length)}`)],
  ["syslog: brackets", (length) => () => readSyslog(`<13>Jan 31 12:00:00 h a[${"[".repeat(length)}`)],
  ["times", (length) => () => readCefTime("Jan ".repeat(length / 4))],
  ["patterns", (length) => () => readSimpleDate("1".repeat(length), "y'".repeat(length / 2))],
  [
    "framer: counts in bytes that come one by one",
    (length) => () => {
      const framer = syslogFramer(1000);
      for (let at = 0; at < length; at += 1) framer.push(Uint8Array.of(at % 3 === 2 ? 32 : 49));
      return framer.end();
    },
  ],
];

/** The least time of several runs, in ms, and never nothing: a clock cannot tell less. */
function cost(read: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run += 1) {
    const started = performance.now();
    try {
      read();
    } catch (error) {
      expect(error).toHaveProperty("code");
    }
    least = Math.min(least, performance.now() - started);
  }
  return Math.max(least, 0.5);
}

test.each(hostile)("%s: sixteen times the text is not hundreds of times the work", (_name, reader) => {
  cost(reader(6000));
  // Quadratic work would be 256 times as much.
  expect(cost(reader(96_000)) / cost(reader(6000))).toBeLessThan(100);
});
