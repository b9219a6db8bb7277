import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { TributaryError } from "@tributary/schema";
import { isSecret, secretKeyword } from "../contract/secret.ts";
import type { Secret } from "../contract/secret.ts";

/**
 * A poller's or webhook's options with their defaults, checked; secrets must have been resolved (`secretFrom`) and must not be
 * empty. Throws `OPTIONS_INVALID` with the path of the member that is wrong.
 */
export function readOptions<Schema extends TSchema>(schema: Schema, given: unknown): Static<Schema> {
  const held: Secret[] = [];
  const filled: unknown = Value.Default(schema, withoutSecrets(given, held));
  if (!Value.Check(schema, filled)) {
    const first = Value.Errors(schema, filled).First();
    throw wrong(first?.path ?? "", first?.message ?? "does not fit");
  }
  const whole = withSecrets(filled, held);
  checkSecrets(schema, whole, "");
  // It was checked with a mark in each secret's place, where the schema takes anything.
  return whole;
}

/** A copy to write defaults into, with a mark for each secret: TypeBox copies values, and a secret is nothing to be copied. */
function withoutSecrets(value: unknown, held: Secret[]): unknown {
  if (isSecret(value)) return { [secretKeyword]: held.push(value) - 1 };
  if (Array.isArray(value)) return value.map((element) => withoutSecrets(element, held));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutSecrets(member, held)]));
}

function withSecrets(value: unknown, held: readonly Secret[]): unknown {
  if (Array.isArray(value)) return value.map((element) => withSecrets(element, held));
  if (!isRecord(value)) return value;
  const mark = value[secretKeyword];
  if (typeof mark === "number" && held[mark] !== undefined) return held[mark];
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSecrets(member, held)]));
}

function checkSecrets(schema: TSchema, value: unknown, path: string): void {
  if (value === undefined) return;
  if (schema[secretKeyword] === true) {
    if (!isSecret(value))
      throw wrong(path, "is a secret: say where it is ({env}, {file} or {command}), not what it is");
    if (value.reveal().trim() === "") throw wrong(path, "is empty");
    return;
  }
  const members: unknown = schema["properties"];
  if (isRecord(members) && isRecord(value))
    for (const [key, member] of Object.entries(members))
      if (isSchema(member)) checkSecrets(member, value[key], `${path}/${key}`);
  const items: unknown = schema["items"];
  if (isSchema(items) && Array.isArray(value))
    for (const [index, element] of value.entries()) checkSecrets(items, element, `${path}/${index}`);
  for (const keyword of ["anyOf", "allOf"])
    for (const choice of Array.isArray(schema[keyword]) ? schema[keyword] : [])
      if (isSchema(choice) && Value.Check(choice, value)) checkSecrets(choice, value, path);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSchema = (value: unknown): value is TSchema => isRecord(value);

function wrong(path: string, why: string): TributaryError {
  return new TributaryError(`The option ${path === "" ? "set" : path} ${why}.`, { code: "OPTIONS_INVALID" });
}
