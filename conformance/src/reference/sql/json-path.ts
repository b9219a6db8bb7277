import { isMembers } from "../../core/members.ts";

/**
 * What a path finds: `$.a.b[0]["odd key"]`, with `lax` or `strict` before it as the standard has it. Undefined: nothing.
 * `lax` looks into arrays for the members of their elements.
 */
export function atPath(value: unknown, path: string): unknown {
  const isLax = path.startsWith("lax ");
  let found = value;
  for (const [, name, index, quoted] of path.matchAll(/\.(\w+)|\[(\d+)\]|\["([^"]*)"\]/g)) {
    if (isLax && Array.isArray(found) && index === undefined && found.length === 1) [found] = found;
    const key = index === undefined ? (name ?? quoted ?? "") : Number(index);
    if (typeof key === "number") found = Array.isArray(found) ? found[key] : isLax && key === 0 ? found : undefined;
    else found = isMembers(found) ? found[key] : undefined;
  }
  return found;
}

/** The value of a JSON text; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON scalar as text; null for null, for an object, for an array, and for nothing. */
export function scalarText(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}
