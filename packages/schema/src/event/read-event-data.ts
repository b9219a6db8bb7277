import type { Json, JsonObject } from "../json.ts";
import { limits } from "../limits.ts";
import { scanJson } from "../scan-json.ts";

/**
 * Parses eventData to its one object, or says why it is none (spec 1.7 step 3).
 * scanJson is the authority; for what every real event looks like, cheaper evidence is enough: as many members in the
 * text as in the parsed value (so no key was dropped), no surrogate in an escape, and a depth counted on the value.
 */
export function readEventData(text: string): JsonObject | string {
  if (!mayHoldLoneSurrogate(text)) {
    let value: Json;
    try {
      value = JSON.parse(text);
    } catch {
      return reject(text);
    }
    if (!isObject(value)) return "eventData must be one JSON object, not another JSON value or a string that holds one";
    if (membersOfValue(value, limits.depth) === membersOfText(text)) return value;
  }
  const result = scanJson(text, { maxDepth: limits.depth });
  if (!result.ok) return `eventData: ${result.message}`;
  const value = JSON.parse(text);
  return isObject(value) ? value : "eventData must be one JSON object";
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Array.isArray does not narrow a readonly array out of a union. */
function isArray(value: JsonObject | readonly Json[]): value is readonly Json[] {
  return Array.isArray(value);
}

function reject(text: string): string {
  const result = scanJson(text, { maxDepth: limits.depth });
  return result.ok ? "eventData is not JSON" : `eventData: ${result.message}`;
}

function mayHoldLoneSurrogate(text: string): boolean {
  return !text.isWellFormed() || text.includes("\\ud") || text.includes("\\uD");
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
