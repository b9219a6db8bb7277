import { isArray, isObject, parseJson } from "../own-property.ts";
import { limits, parseJson as parseWith } from "@tributary/schema";
import type { Json } from "../contract/json.ts";
import { Refused } from "../refused.ts";
import { isHeldExactly } from "./is-held-exactly.ts";
import { isPlainJson } from "./is-plain-json.ts";

/** A decoded value, and the texts of its numbers that a double cannot hold: they stand in it as strings. */
export interface Decoded {
  readonly value: Json;
  readonly bigNumbers?: ReadonlySet<string> | undefined;
}

const bytesToText = new TextDecoder("utf-8", { fatal: true });

/** UTF-8 bytes as text, without a byte order mark. Throws {@link Refused} `NOT_UTF8`: a guess would change the record. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return bytesToText.decode(bytes);
  } catch {
    throw new Refused("NOT_UTF8", "The bytes are not UTF-8; convert the file first, for instance with iconv.");
  }
}

/**
 * Lossless JSON. Numbers that a double cannot hold become strings of their own digits. Throws {@link Refused}
 * `TOO_DEEP` beyond 64 levels, `NOT_JSON`, and `DUPLICATE_KEY` where an object names
 * a key twice, since one of the two values would be lost.
 */
export function decodeJson(text: string): Decoded {
  let value: Json;
  try {
    value = parseJson(text);
  } catch {
    return decodeWithCare(text);
  }
  return isPlainJson(text, value, limits.depth) ? { value } : decodeWithCare(text, value);
}

/** @param parsed what the text parses to, where that is known */
function decodeWithCare(text: string, parsed?: Json): Decoded {
  const { members, longNumbers } = scan(text);
  const bigNumbers = new Set<string>();
  let value: Json;
  try {
    value = longNumbers ? parseWith(text, keepDigits(bigNumbers)) : (parsed ?? parseJson(text));
  } catch {
    throw new Refused(
      "NOT_JSON",
      text.trim() === "" ? "There is nothing here." : "This is not one JSON value: broken or cut off.",
    );
  }
  if (countMembers(value) !== members)
    throw new Refused("DUPLICATE_KEY", "An object of the record names a key twice; one of the values would be lost.");
  return bigNumbers.size > 0 ? { value, bigNumbers } : { value };
}

function keepDigits(bigNumbers: Set<string>): (key: string, value: unknown, context?: { source?: string }) => unknown {
  return (_key, value, context) => {
    if (typeof value !== "number" || context?.source === undefined || isHeldExactly(value, context.source))
      return value;
    bigNumbers.add(context.source);
    return context.source;
  };
}

/**
 * One pass over the text: throws beyond the depth, answers how many members its objects name and whether a number has 16
 * or more digits or an exponent.
 */
function scan(text: string): { readonly members: number; readonly longNumbers: boolean } {
  let depth = 0;
  let members = 0;
  let longNumbers = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = endOfString(text, at);
      if (at < 0) break;
    } else if (code === 58) members += 1;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > limits.depth) throw new Refused("TOO_DEEP", `The record nests deeper than ${limits.depth} levels.`);
    } else if (code === 125 || code === 93) depth -= 1;
    else if (isDigit(code)) {
      const begin = at;
      while (isDigit(text.charCodeAt(at + 1)) || text.charCodeAt(at + 1) === 46) at += 1;
      const next = text.charCodeAt(at + 1);
      longNumbers ||= at - begin >= 15 || next === 69 || next === 101;
    }
  }
  return { members, longNumbers };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Index of the quote that ends the string begun at `at`, or -1. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let back = end - 1;
    while (text.charCodeAt(back) === 92) back -= 1;
    if ((end - back) % 2 === 1) return end;
  }
  return -1;
}

function countMembers(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (isArray(value)) for (const element of value) count += countMembers(element);
  else if (isObject(value)) for (const key of Object.keys(value)) count += 1 + countMembers(value[key]!);
  return count;
}
