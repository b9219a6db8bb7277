import type { TSchema } from "@sinclair/typebox";
import fc from "fast-check";
import type { Json } from "../contract/json.ts";
import { valueAt } from "../mapping/text.ts";

/**
 * Values a schema accepts. Members it does not name are added now and then, and where a fixture has a text or a number at
 * the same path it is used half of the time: a schema that says `string` does not tell what a time looks like.
 */
export function arbitraryOf(
  schema: TSchema,
  examples: readonly Json[],
  path: readonly string[] = [],
): fc.Arbitrary<unknown> {
  const seen = examples
    .map((example) => valueAt(example, ...path))
    .filter((value) => typeof value === "string" || typeof value === "number");
  const own = generate(schema, examples, path);
  return seen.length === 0 || schema["const"] !== undefined ? own : fc.oneof(own, fc.constantFrom(...seen));
}

function generate(schema: TSchema, examples: readonly Json[], path: readonly string[]): fc.Arbitrary<unknown> {
  if (schema["const"] !== undefined) return fc.constant(schema["const"]);
  const choices = (schema["anyOf"] ?? schema["oneOf"]) as readonly TSchema[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => generate(choice, examples, path)));
  const all = schema["allOf"] as readonly TSchema[] | undefined;
  if (all !== undefined)
    return fc
      .tuple(...all.map((one) => generate(one, examples, path)))
      .map((values) => Object.assign({}, ...values) as unknown);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as readonly unknown[]));
  switch (schema["type"]) {
    case "string":
      return typeof schema["pattern"] === "string"
        ? fc.stringMatching(new RegExp(schema["pattern"]))
        : fc.string({
            minLength: (schema["minLength"] as number | undefined) ?? 0,
            maxLength: (schema["maxLength"] as number | undefined) ?? 40,
          });
    case "integer":
      return fc.integer(bounds(schema));
    case "number":
      return fc.double({ ...bounds(schema), noNaN: true, noDefaultInfinity: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(generate((schema["items"] as TSchema | undefined) ?? ({} as TSchema), examples, [...path, "0"]), {
        minLength: (schema["minItems"] as number | undefined) ?? 0,
        maxLength: 4,
      });
    case "object":
      return objectOf(schema, examples, path);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** fast-check's integers are 32 bits wide unless told. */
function bounds(schema: TSchema): { min?: number; max?: number } {
  const { minimum: min, maximum: max } = schema as { minimum?: number; maximum?: number };
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function objectOf(schema: TSchema, examples: readonly Json[], path: readonly string[]): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, TSchema>>);
  const required = (schema["required"] ?? []) as readonly string[];
  const known = fc.record(
    Object.fromEntries(properties.map(([key, member]) => [key, arbitraryOf(member, examples, [...path, key])])),
    {
      requiredKeys: [...required],
    },
  );
  const others = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
    },
  );
  return fc.tuple(others, known).map(([more, members]) => ({ ...more, ...members }));
}
