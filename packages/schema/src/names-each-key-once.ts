import type { Json, JsonObject } from "./json.ts";

/**
 * Cheap evidence that no object of a JSON text names a key twice and that it nests at most `maxDepth` levels: as many
 * members in the text as in the value. False where it cannot tell, too; then `scanJson` knows.
 * @param value what `JSON.parse` made of `text`
 */
export function namesEachKeyOnce(text: string, value: Json, maxDepth: number): boolean {
  const members = typeof value === "object" && value !== null ? membersOfValue(value, maxDepth) : 0;
  return members === membersOfText(text);
}

/** Members of all objects in a JSON text. Too many or NaN where it cannot tell, never too few. */
function membersOfText(text: string): number {
  let members = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before === 0x22) {
      if (text.charCodeAt(at - 2) !== 0x5c || !isEscaped(text, at - 1)) members++;
    } else if (before <= 0x20) return Number.NaN; // white space between key and colon, or a colon in prose
  }
  return members;
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote;
  while (text.charCodeAt(at - 1) === 0x5c) at--;
  return (quote - at) % 2 === 1;
}

/** Members of all objects in a value; -1 or less where it is nested deeper than `depth`. */
function membersOfValue(value: JsonObject | readonly Json[], depth: number): number {
  if (depth === 0) return Number.NEGATIVE_INFINITY;
  let members = 0;
  if (isArray(value)) {
    for (const element of value)
      if (typeof element === "object" && element !== null) members += membersOfValue(element, depth - 1);
    return members;
  }
  for (const key in value) {
    members++;
    const member = value[key];
    if (typeof member === "object" && member !== null) members += membersOfValue(member, depth - 1);
  }
  return members;
}

/** Array.isArray does not narrow a readonly array out of a union. */
function isArray(value: JsonObject | readonly Json[]): value is readonly Json[] {
  return Array.isArray(value);
}
