import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { isSecret } from "@tributary/adapter-kit/poll";

/** A copy of a value in which a schema's defaults are filled in; secrets stay the objects they are. */
export function withDefaults(schema: TSchema, given: unknown): unknown {
  return Value.Default(schema, copied(given));
}

function copied(value: unknown): unknown {
  if (isSecret(value) || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copied(member)]));
}
