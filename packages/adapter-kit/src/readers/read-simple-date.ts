import type { TimeOptions } from "../mapping/utc-seconds.ts";
import { readLocalTime } from "./read-local-time.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const monthNames =
  /(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?/iy;
const dayNames = /(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?/iy;
const zones = /[A-Za-z]+(?:\/[A-Za-z_+-]+)*(?:[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d/y;
const isDigit = (code: number) => code >= 48 && code <= 57;
const halves = /[AaPp]\.?[Mm]\.?/y;

/**
 * A date by a pattern of Java's SimpleDateFormat, as eventTime. Knows `y u M L d H k h K m s S a E z Z X`, quoted text and
 * blanks; English names. Two digits of a year are 1970 to 2069. A pattern without a year needs `near`. Undefined where the
 * text does not fit, and for a pattern with other letters.
 * @param options `zone` of patterns without one, also a place such as `Europe/Berlin`
 */
export function readSimpleDate(value: string, pattern: string, options: TimeOptions = {}): string | undefined {
  if (value.length > 128 || pattern.length > 128) return undefined;
  const parts: { [letter: string]: number } = {};
  let zone: string | undefined;
  let at = 0;
  const take = (kind: RegExp): string | undefined => {
    kind.lastIndex = at;
    const taken = kind.exec(value)?.[0];
    at += taken?.length ?? 0;
    return taken;
  };
  const tokens = pattern.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']/g) ?? [];
  for (const [index, token] of tokens.entries()) {
    const letter = token.charAt(0);
    if (!/[A-Za-z]/.test(letter)) {
      const literal = token === "''" ? "'" : letter === "'" ? token.slice(1, -1).replaceAll("''", "'") : token;
      if (literal === " ") take(/ */y);
      else if (value.startsWith(literal, at)) at += literal.length;
      else return undefined;
    } else if (letter === "E") {
      if (take(dayNames) === undefined) return undefined;
    } else if ("zZX".includes(letter)) {
      zone = take(zones);
      if (zone === undefined) return undefined;
    } else if (letter === "a") {
      const half = take(halves);
      if (half === undefined) return undefined;
      parts["a"] = /^p/i.test(half) ? 12 : 0;
    } else if ("ML".includes(letter) && token.length > 2) {
      const name = take(monthNames);
      if (name === undefined) return undefined;
      parts["M"] = months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
    } else if ("yuMLdHkhKmsS".includes(letter)) {
      // Digits that touch the next number's are as many as the pattern's letters.
      const touches = /^[yuMLdHkhKmsS]/.test(tokens[index + 1] ?? "");
      const start = at;
      while (at - start < (touches ? token.length : 9) && isDigit(value.charCodeAt(at))) at += 1;
      const digits = value.slice(start, at);
      if (digits === "" || (touches && digits.length < token.length)) return undefined;
      const short = (letter === "y" || letter === "u") && digits.length === 2;
      const number = Number(digits);
      parts[letter === "u" ? "y" : letter === "L" ? "M" : letter] = short
        ? (number < 70 ? 2000 : 1900) + number
        : number;
    } else return undefined;
  }
  if (at !== value.trimEnd().length && at !== value.length) return undefined;
  const { y: year, M: month, d: day, H, k, K, h, a: half = 0, m: minute = 0, s: second = 0 } = parts;
  if (month === undefined || day === undefined) return undefined;
  const hour = H ?? (k === undefined ? undefined : k % 24) ?? (K ?? (h ?? 0) % 12) + half;
  return readLocalTime({ year, month, day, hour, minute, second, zone }, options);
}
