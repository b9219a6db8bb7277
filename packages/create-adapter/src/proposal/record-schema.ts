import { Type as T } from "@sinclair/typebox";
import type { TObject, TSchema } from "@sinclair/typebox";
import type { Recogniser, Required } from "./recogniser.ts";

/** The schema of a recogniser, as the generated source has it. */
export function recordSchema(tree: Recogniser): TObject {
  return T.Object(Object.fromEntries(Object.entries(tree).map(([key, required]) => [key, schemaOf(required)])));
}

function schemaOf(required: Required): TSchema {
  if (required.kind === "text") return T.String({ pattern: "\\S" });
  const schema = required.kind === "any" ? T.Unknown() : recordSchema(required.members);
  return required.optional ? T.Optional(schema) : schema;
}
