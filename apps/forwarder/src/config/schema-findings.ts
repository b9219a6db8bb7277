import type { TSchema } from "@sinclair/typebox";
import { type ValueError, ValueErrorType } from "@sinclair/typebox/errors";
import { Value } from "@sinclair/typebox/value";
import { isSecret, secretKeyword } from "@tributary/adapter-kit/poll";
import type { Finding, Path } from "./yaml-source.ts";

/**
 * What of a value does not fit its schema, each with the value, what is allowed and the fix. Members that the schema does not
 * name are findings too, also where it would let them pass: a misspelt option must not be a silent default.
 */
export function schemaFindings(schema: TSchema, value: unknown, at: Path): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const { path, ofKey, message, fix } of unknownMembers(schema, value, []))
    found.set(JSON.stringify(path), { path: [...at, ...path], ofKey, message, fix });
  for (const error of Value.Errors(schema, value)) {
    const path = stepsOf(error.path, value);
    const key = JSON.stringify(path);
    // The first error at a place is the plainest; those below it follow from it.
    if (found.has(key) || error.type === ValueErrorType.ObjectAdditionalProperties) continue;
    if ([...found.keys()].some((other) => key.startsWith(`${other.slice(0, -1)},`))) continue;
    found.set(key, { path: [...at, ...path], ...findingOf(error) });
    if (found.size >= 50) break;
  }
  return [...found.values()];
}

function findingOf({ type, schema, value }: ValueError): Pick<Finding, "message" | "fix"> {
  const allowed = allowedBy(schema);
  const described = typeof schema.description === "string" ? ` (${schema.description.replace(/\.$/, "")})` : "";
  if (type === ValueErrorType.ObjectRequiredProperty || value === undefined)
    return { message: "It is missing", fix: `add it: ${allowed}${described}` };
  const message = `${shown(value)} is not allowed: it takes ${allowed}`;
  if (schema.type === "array" && typeof value === "string")
    return { message, fix: `write [${shown(value)}]${described}` };
  return { message, fix: `change it${described}` };
}

/** A value for a message: short, and nothing of what may be a credential. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `A list of ${value.length}`;
  if (isSecret(value)) return "***";
  if (typeof value === "object" && value !== null) return "A map";
  const text = JSON.stringify(value) ?? "nothing";
  const bare = text.replaceAll(/\/\/[^/@\s"]*@/g, "//***@");
  return bare.length > 80 ? `${bare.slice(0, 77)}..."` : bare;
}

/** What a schema takes, in a few words. */
export function allowedBy(schema: TSchema): string {
  if (schema[secretKeyword] === true) return "{env: NAME}, {file: PATH} or {command: [PROGRAM, ...]}";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices: unknown = schema["anyOf"];
  if (Array.isArray(choices)) return [...new Set((choices as readonly TSchema[]).map(allowedBy))].join(" or ");
  const { type, pattern, minItems, minLength }: Readonly<Record<string, unknown>> = schema;
  const examples: unknown = schema["examples"];
  if (Array.isArray(examples)) return `text such as ${examples.join(" or ")}`;
  if (typeof pattern === "string") return `text like ${pattern}`;
  if (type === "integer" || type === "number") {
    const kind = type === "integer" ? "a whole number" : "a number";
    const [minimum, maximum] = [schema["minimum"], schema["maximum"]].map((bound) => JSON.stringify(bound));
    if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`;
    return minimum === undefined ? kind : `${kind} of ${minimum} or more`;
  }
  if (type === "string") return typeof minLength === "number" && minLength > 0 ? "text that is not empty" : "text";
  if (type === "boolean") return "true or false";
  if (type === "array") {
    const most: unknown = schema["maxItems"];
    if (typeof most === "number") return `a list of ${typeof minItems === "number" ? minItems : 0} to ${most}`;
    return typeof minItems === "number" && minItems > 0 ? "a list, not empty" : "a list";
  }
  if (type === "object") {
    const keys = Object.keys(schema["properties"] ?? {});
    return keys.length === 0 ? "a map" : `a map of ${keys.join(", ")}`;
  }
  return "another value";
}

/** Members whose names no schema at their place knows. */
function unknownMembers(schema: TSchema, value: unknown, at: Path): readonly Finding[] {
  if (schema[secretKeyword] === true || isSecret(value)) return [];
  const properties: unknown = schema["properties"];
  if (isRecord(properties) && isRecord(value)) {
    const known = Object.keys(properties);
    return Object.entries(value).flatMap(([key, member]): readonly Finding[] => {
      const below = properties[key];
      if (isSchema(below)) return unknownMembers(below, member, [...at, key]);
      const near = known.find((name) => isNear(name, key));
      return [
        {
          path: [...at, key],
          ofKey: true,
          message: `There is no ${key} here: known are ${known.join(", ") || "none"}`,
          fix: near === undefined ? "take it away" : `did you mean ${near}?`.replace("?", ""),
        },
      ];
    });
  }
  const items: unknown = schema["items"];
  if (isSchema(items) && Array.isArray(value))
    return value.flatMap((element, index) => unknownMembers(items, element, [...at, index]));
  return [];
}

/** Equal but for case, separators, or one sign. */
function isNear(name: string, given: string): boolean {
  const [a, b] = [name, given].map((one) => one.toLowerCase().replaceAll(/[-_]/g, ""));
  if (a === undefined || b === undefined || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 1;
}

/** A JSON pointer as steps; indexes of lists as numbers. */
function stepsOf(pointer: string, value: unknown): Path {
  let node: unknown = value;
  return pointer
    .split("/")
    .slice(1)
    .map((step) => {
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
      const at = node;
      const key = Array.isArray(at) ? Number(name) : name;
      const next: unknown = Array.isArray(at) ? at[Number(name)] : isRecord(at) ? at[name] : undefined;
      node = next;
      return key;
    });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSchema = (value: unknown): value is TSchema => isRecord(value);
