import { isArray } from "../own-property.ts";

/**
 * Whether a value is nothing but JSON that nests at most `levels` deep: its text parses to the same again. Members of
 * objects that are undefined, which the text leaves out, are no harm.
 */
export function isShallowJson(value: unknown, levels: number): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value !== "object") return Number.isFinite(value);
  if (levels === 0) return false;
  if (isArray(value)) {
    for (const element of value) if (!isShallowJson(element, levels - 1)) return false;
    return true;
  }
  if (!isPlain(value)) return false;
  for (const key in value) {
    const member = value[key];
    if (member !== undefined && !isShallowJson(member, levels - 1)) return false;
  }
  return true;
}

/** No Date, Map or instance of a class: the text of these is not that of their members. */
function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
