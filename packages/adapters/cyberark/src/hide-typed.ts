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

/** Where the command may stand among others: in details that could not be unfolded, or not as the translator means them. */
const details: readonly (readonly string[])[] = [["ExtraDetails"], ["attributes", "ExtraDetails"]];

/** Where a copy of the command was seen or may stand, beside what people wrote. */
const copies: readonly (readonly string[])[] = [
  ["Reason"],
  ["Message"],
  ["attributes", "Reason"],
  ["attributes", "Message"],
  ["attributes", "EventMessage"],
];

/**
 * A record of a recorded session with what the user typed under `typed`, by its own path: it may be a password, and is
 * masked there. Other records stay as they are.
 */
export function hideTyped(record: JsonObject): JsonObject {
  const code = textAt(record, "MessageID") ?? textAt(record, "signatureId") ?? textAt(record, "eventId") ?? "";
  if (!sessionCodes.has(code.trim())) return record;
  const whole = details.filter((path) => mayHoldCommand(valueAt(record, ...path)));
  const command = textAt(record, "ExtraDetails", "Command") ?? textAt(record, "attributes", "ExtraDetails", "Command");
  const copied = copies.filter((path) => holdsCommand(textAt(record, ...path), command));
  const found = [...places, ...whole, ...copied].filter((path) => isFilled(valueAt(record, ...path)));
  return found.reduce((left, path) => {
    const value = valueAt(left, ...path);
    return isFilled(value) ? withMember(withoutMember(left, path), ["typed", ...path], value) : left;
  }, record);
}

/** Details as a text, or with the command elsewhere than under its name, such as `User=x; Command=y` with a blank. */
function mayHoldCommand(value: Json | undefined): boolean {
  if (!isObject(value)) return typeof value === "string";
  return Object.entries(value).some(
    ([key, member]) =>
      key !== "Command" &&
      (/^command$/i.test(key.trim()) || (typeof member === "string" && commandEquals.test(member))),
  );
}

function holdsCommand(text: string | undefined, command: string | undefined): boolean {
  if (text === undefined) return false;
  return commandEquals.test(text) || (command !== undefined && text.includes(command));
}

const commandEquals = /\bcommand ?\\?=/i;

const isFilled = (value: Json | undefined): value is Json => value !== undefined && value !== null && value !== "";

function withoutMember(record: JsonObject, [key, ...path]: readonly string[]): JsonObject {
  const { [key!]: member, ...left } = record;
  return path.length === 0 || !isObject(member) ? left : { ...record, [key!]: withoutMember(member, path) };
}

function withMember(record: JsonObject, [key, ...path]: readonly string[], value: Json): JsonObject {
  if (path.length === 0) return { ...record, [key!]: value };
  const member = valueAt(record, key!);
  return { ...record, [key!]: withMember(isObject(member) ? member : {}, path, value) };
}
