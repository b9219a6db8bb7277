import type { Json, JsonObject } from "../contract/json.ts";
import { isArray } from "../own-property.ts";
import { isHeldExactly } from "./is-held-exactly.ts";

/**
 * Cheap evidence that nothing was lost when a text was parsed: no object names a key twice, no number has more digits than a
 * double holds, and nothing nests deeper than `maxDepth`. False where it cannot tell, too: a scan of the text then knows.
 *
 * It looks at the text's colons alone, since a native search finds them many times faster than a loop reads characters. A
 * member's colon follows an unescaped quote, so that as many of those as the value has members mean that no member was
 * dropped: colons in prose can only make it more. A number follows such a colon, or stands in an array, which the value shows.
 * @param value what `JSON.parse` made of `text`
 */
export function isPlainJson(text: string, value: Json, maxDepth: number): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "number";
  const found: Found = { listsNumbers: false };
  return (
    membersOfValue(value, maxDepth, found) === membersOfText(text) && !(found.listsNumbers && mayListLong.test(text))
  );
}

interface Found {
  listsNumbers: boolean;
}

/** An array's number of 16 or more digits or with an exponent. Also hits inside strings, which costs time only. */
const mayListLong = /[[,\s]-?\d(?:[\d.]{15}|[\d.]*[eE])/;

/** Members of all objects in a JSON text. Too many or NaN where it cannot tell, never too few; NaN for a number not held. */
function membersOfText(text: string): number {
  let members = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) <= 0x20) before -= 1;
    if (text.charCodeAt(before) !== 0x22 || isEscaped(text, before)) continue;
    members += 1;
    let after = at + 1;
    while (text.charCodeAt(after) <= 0x20) after += 1;
    const first = text.charCodeAt(after);
    if ((isDigit(first) || first === 0x2d) && !holdsNumber(text, after)) return Number.NaN;
  }
  return members;
}

function isEscaped(text: string, quote: number): boolean {
  if (text.charCodeAt(quote - 1) !== 0x5c) return false;
  let at = quote - 1;
  while (text.charCodeAt(at - 1) === 0x5c) at -= 1;
  return (quote - at) % 2 === 1;
}

/** Whether a double holds the number at an index. What is short and has no exponent, nearly every one, it does. */
function holdsNumber(text: string, from: number): boolean {
  let end = from + 1;
  for (let code = text.charCodeAt(end); isDigit(code) || code === 0x2e; code = text.charCodeAt(end)) end += 1;
  const code = text.charCodeAt(end);
  if (code !== 0x65 && code !== 0x45) {
    if (end - from < 16) return true;
  } else {
    end += 1;
    for (let next = text.charCodeAt(end); isDigit(next) || next === 0x2b || next === 0x2d; next = text.charCodeAt(end))
      end += 1;
  }
  // A literal so long is no number anyone meant: the careful way is linear in it, and so is this.
  const source = text.slice(from, end);
  return isHeldExactly(Number(source), source);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Members of all objects in a value; below 0 where it nests deeper than `depth`. */
function membersOfValue(value: JsonObject | readonly Json[], depth: number, found: Found): number {
  if (depth === 0) return Number.NEGATIVE_INFINITY;
  let members = 0;
  if (isArray(value)) {
    for (const element of value) {
      if (typeof element === "number") found.listsNumbers = true;
      else if (typeof element === "object" && element !== null) members += membersOfValue(element, depth - 1, found);
    }
    return members;
  }
  for (const key in value) {
    members += 1;
    const member = value[key];
    if (typeof member === "object" && member !== null) members += membersOfValue(member, depth - 1, found);
  }
  return members;
}
