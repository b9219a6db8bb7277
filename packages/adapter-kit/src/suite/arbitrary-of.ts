import type { TSchema } from "@sinclair/typebox";
import * as fc from "fast-check";
import type { Json } from "../contract/json.ts";
import { textAt, valueAt } from "../mapping/text.ts";
import { isArray, isObject, parseJson } from "../own-property.ts";
import { anyJson } from "./any-json.ts";

/**
 * Values a schema accepts. Members it does not name are added now and then, and where a fixture has a text or a number at
 * the same path it is used half of the time: a schema that says `string` does not tell what a time looks like.
 */
export function arbitraryOf(schema: TSchema, examples: readonly Json[]): fc.Arbitrary<Json> {
  // As JSON has it: no undefined, no negative zero.
  return withExamples(parseJson(JSON.stringify(schema)), examples, []).map((value) => parseJson(JSON.stringify(value)));
}

type Path = readonly string[];

function withExamples(schema: Json, examples: readonly Json[], path: Path): fc.Arbitrary<unknown> {
  const seen = examples
    .map((example) => valueAt(example, ...path))
    .filter((value) => typeof value === "string" || typeof value === "number");
  const own = generate(schema, examples, path);
  return seen.length === 0 || valueAt(schema, "const") !== undefined ? own : fc.oneof(own, fc.constantFrom(...seen));
}

function generate(schema: Json, examples: readonly Json[], path: Path): fc.Arbitrary<unknown> {
  const constant = valueAt(schema, "const");
  if (constant !== undefined) return fc.constant(constant);
  const choices = valueAt(schema, "anyOf") ?? valueAt(schema, "oneOf");
  if (isArray(choices)) return fc.oneof(...choices.map((choice) => generate(choice, examples, path)));
  const all = valueAt(schema, "allOf");
  if (isArray(all))
    return fc
      .tuple(...all.map((one) => generate(one, examples, path)))
      .map((values): unknown => Object.assign({}, ...values));
  const listed = valueAt(schema, "enum");
  if (isArray(listed)) return fc.constantFrom(...listed);
  const pattern = valueAt(schema, "pattern");
  switch (textAt(schema, "type")) {
    case "string":
      return typeof pattern === "string"
        ? fc.stringMatching(new RegExp(pattern))
        : fc.string({ minLength: number(schema, "minLength") ?? 0, maxLength: number(schema, "maxLength") ?? 40 });
    case "integer":
      return fc.maxSafeInteger().map((value) => clamp(schema, value));
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => clamp(schema, value));
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(generate(valueAt(schema, "items") ?? {}, examples, [...path, "0"]), {
        minLength: number(schema, "minItems") ?? 0,
        maxLength: (number(schema, "minItems") ?? 0) + 4,
      });
    case "object":
      return objectOf(schema, examples, path);
    case undefined:
    default:
      return anyJson;
  }
}

function number(schema: Json, key: string): number | undefined {
  const value = valueAt(schema, key);
  return typeof value === "number" ? value : undefined;
}

/** A number folded into the schema's bounds, spread over all of them. */
function clamp(schema: Json, value: number): number {
  const minimum = number(schema, "minimum");
  const maximum = number(schema, "maximum");
  if (minimum === undefined) return maximum === undefined ? value : Math.min(value, maximum);
  if (maximum === undefined) return Math.max(value, minimum);
  return value >= minimum && value <= maximum ? value : minimum + (Math.abs(value) % (maximum - minimum + 1));
}

function objectOf(schema: Json, examples: readonly Json[], path: Path): fc.Arbitrary<unknown> {
  const properties = valueAt(schema, "properties");
  const required = valueAt(schema, "required");
  const members = isObject(properties) ? Object.entries(properties) : [];
  const known = fc.record(
    Object.fromEntries(members.map(([key, member]) => [key, withExamples(member, examples, [...path, key])])),
    { requiredKeys: isArray(required) ? required.filter((key) => typeof key === "string") : [] },
  );
  const others = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 12 }), anyJson, { maxKeys: 3 }) },
  );
  return fc.tuple(others, known).map(([more, named]) => ({ ...more, ...named }));
}
