import type { Emitted } from "../scope.ts";
import { literal } from "../sql-text.ts";
import { offsetText, wallClock } from "../wall-clock.ts";
import { letIn, type CallContext } from "./function-row.ts";

/** A time by a Joda format; its `Z` is the offset of an instant. */
export function jodaText(at: Emitted, text: Emitted | undefined, context: CallContext): string {
  const pieces = jodaFormat(text, context).split("%z");
  if (pieces.length > 1 && at.type.kind !== "timestamptz")
    context.fail("'Z' in a format needs a timestamp with time zone");
  return letIn([wallClock(at)], (wall) => {
    const texts = pieces.map((piece) => (piece === "" ? "''" : `strftime(${wall}, ${literal(piece)})`));
    return texts.join(` || (${offsetText(at, "")}) || `);
  });
}

// Joda's letters, which Trino's format_datetime takes, in strftime's.
const joda: Readonly<Record<string, string>> = {
  yyyy: "%Y",
  YYYY: "%Y",
  y: "%Y",
  yy: "%y",
  MM: "%m",
  M: "%-m",
  MMM: "%b",
  MMMM: "%B",
  dd: "%d",
  d: "%-d",
  DDD: "%j",
  D: "%-j",
  HH: "%H",
  H: "%-H",
  hh: "%I",
  h: "%-I",
  mm: "%M",
  m: "%-M",
  ss: "%S",
  s: "%-S",
  SSS: "%g",
  a: "%p",
  E: "%a",
  EEE: "%a",
  EEEE: "%A",
  e: "%u",
  w: "%-V",
  ww: "%V",
  xxxx: "%G",
  Z: "%z",
};

/** In the letters of strftime. */
export function jodaFormat(arg: Emitted | undefined, context: CallContext): string {
  if (arg?.text === undefined) return context.fail("the format must be a string literal");
  return arg.text.replaceAll(
    /'((?:[^']|'')*)'|([A-Za-z])\2*|%/g,
    (found, quoted: string | undefined, letter: string | undefined) => {
      if (found === "''") return "'";
      if (quoted !== undefined) return quoted.replaceAll("''", "'").replaceAll("%", "%%");
      if (letter === undefined) return "%%";
      return joda[found] ?? context.fail(`'${found}' in a date format is not supported`);
    },
  );
}
