import { isObject, readUtcSeconds } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/** Members that hold the records of a page or of an export. */
const usual =
  /^(?:records?|events?|data|items?|values?|results?|entries|logs?|audit_?logs?|audit_?events?|activities|messages|rows|hits|response|content|list)$/i;

const timed = /time|date|created|published|(?:^|_)(?:at|ts)$|[a-z]At$/i;

/**
 * Where the records of one document stand: the steps to its longest array of objects below usual names, at most two deep.
 * Empty where the document is a record itself, which its having a time shows.
 */
export function recordsPointer(document: JsonObject): readonly string[] {
  if (Object.entries(document).some(([key, member]) => timed.test(key) && readUtcSeconds(member) !== undefined))
    return [];
  let longest: { readonly steps: readonly string[]; readonly length: number } = { steps: [], length: 0 };
  const look = (value: JsonObject, steps: readonly string[]): void => {
    for (const [key, member] of Object.entries(value)) {
      if (!usual.test(key)) continue;
      const length = objectsIn(member);
      if (length > longest.length) longest = { steps: [...steps, key], length };
      if (steps.length === 0 && isObject(member)) look(member, [key]);
    }
  };
  look(document, []);
  return longest.steps;
}

function objectsIn(value: Json): number {
  return Array.isArray(value) && value.length > 0 && value.every(isObject) ? value.length : 0;
}
