import { isObject, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/** PSM's SQL commands and keystrokes with their failures; CyberArk's own tables do not agree on which is 361 and which 412. */
const sessionCodes: ReadonlySet<string> = new Set(["359", "360", "361", "362", "412", "413"]);

/** Where each translation of the Vault's record shows the command, in part or whole. */
const places: readonly (readonly string[])[] = [
  ["ExtraDetails", "Command"],
  ["attributes", "ExtraDetails", "Command"],
  ["attributes", "reason"],
  ["extensions", "reason"],
  ["extensions", "msg"],
  ["extensions", "Other info"],
];

/** Where the command may stand among others in a text that could not be unfolded. */
const texts: readonly (readonly string[])[] = [["ExtraDetails"], ["attributes", "ExtraDetails"]];

/**
 * A record of a recorded session with what the user typed under `typed`, by its own path: it may be a password, and is
 * masked there. Other records stay as they are.
 */
export function hideTyped(record: JsonObject): JsonObject {
  const code = textAt(record, "MessageID") ?? textAt(record, "signatureId") ?? textAt(record, "eventId") ?? "";
  if (!sessionCodes.has(code.trim())) return record;
  const found = [...places, ...texts.filter((path) => typeof valueAt(record, ...path) === "string")].filter((path) =>
    isFilled(valueAt(record, ...path)),
  );
  return found.reduce((left, path) => {
    const value = valueAt(left, ...path)!;
    return withMember(withoutMember(left, path), ["typed", ...path], value);
  }, record);
}

const isFilled = (value: Json | undefined) => value !== undefined && value !== null && value !== "";

function withoutMember(record: JsonObject, [key, ...path]: readonly string[]): JsonObject {
  const { [key!]: member, ...left } = record;
  return path.length === 0 || !isObject(member) ? left : { ...record, [key!]: withoutMember(member, path) };
}

function withMember(record: JsonObject, [key, ...path]: readonly string[], value: Json): JsonObject {
  if (path.length === 0) return { ...record, [key!]: value };
  const member = valueAt(record, key!);
  return { ...record, [key!]: withMember(isObject(member) ? member : {}, path, value) };
}
