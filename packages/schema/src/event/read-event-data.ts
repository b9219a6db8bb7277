import type { Json, JsonObject } from "../json.ts";
import { limits } from "../limits.ts";
import { namesEachKeyOnce } from "../names-each-key-once.ts";
import { parseJson } from "../parse-json.ts";
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
      value = parseJson(text);
    } catch {
      return reject(text);
    }
    if (!isObject(value)) return "eventData must be one JSON object, not another JSON value or a string that holds one";
    if (namesEachKeyOnce(text, value, limits.depth)) return value;
  }
  const result = scanJson(text, { maxDepth: limits.depth });
  if (!result.ok) return `eventData: ${result.message}`;
  const value = parseJson(text);
  return isObject(value) ? value : "eventData must be one JSON object";
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reject(text: string): string {
  const result = scanJson(text, { maxDepth: limits.depth });
  return result.ok ? "eventData is not JSON" : `eventData: ${result.message}`;
}

function mayHoldLoneSurrogate(text: string): boolean {
  return !text.isWellFormed() || text.includes("\\ud") || text.includes("\\uD");
}
