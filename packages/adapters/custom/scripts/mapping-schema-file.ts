import { MappingSchema } from "../src/index.ts";

/** The mapping language as a JSON Schema for editors: what the TypeBox schema says, without the words of its errors. */
export function mappingSchemaFile(): string {
  const { Mapping, ...definitions } = Object.fromEntries(
    Object.entries<object>(JSON.parse(JSON.stringify(MappingSchema.$defs))).map(([name, schema]) => [
      name,
      plain(schema),
    ]),
  );
  const document = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: "Written by scripts/write-generated.ts from src/mapping/mapping-schema.ts.",
    title: "Tributary mapping",
    ...(typeof Mapping === "object" ? Mapping : {}),
    definitions,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const ownWords = new Set(["is", "fix", "keyIs", "keyFix", "$id"]);

function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(([key, value]) => !(ownWords.has(key) && typeof value === "string"));
  const members = Object.fromEntries(entries.map(([key, value]) => [key, plain(value)]));
  const { $ref, anyOf } = members;
  if (typeof $ref === "string") members["$ref"] = `#/definitions/${$ref}`;
  // Draft 7 passes over what stands beside a reference.
  if (typeof $ref === "string" && Object.keys(members).length > 1) {
    const { $ref: reference, ...beside } = members;
    return { ...beside, allOf: [{ $ref: reference }] };
  }
  const values = Array.isArray(anyOf) ? anyOf.map((one: { const?: unknown }) => one.const) : [];
  if (values.length > 0 && values.every((value) => value !== undefined)) {
    const { anyOf: _anyOf, ...others } = members;
    return { ...others, enum: values };
  }
  return members;
}
