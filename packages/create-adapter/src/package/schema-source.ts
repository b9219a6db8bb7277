import type { Recogniser, Required } from "../proposal/recogniser.ts";
import { memberName } from "./literal.ts";

/** The TypeBox schema of a recogniser as source. */
export function schemaSource(tree: Recogniser): string {
  const members = Object.entries(tree).map(([key, required]) => `${memberName(key)}: ${sourceOf(required)}`);
  const line = members.length === 0 ? "T.Object({})" : `T.Object({ ${members.join(", ")} })`;
  return line.length <= 95 ? line : `T.Object({\n  ${members.map((member) => `${member},`).join("\n  ")}\n})`;
}

function sourceOf(required: Required): string {
  if (required.kind === "text") return 'T.String({ pattern: "\\\\S" })';
  const source = required.kind === "any" ? "T.Unknown()" : schemaSource(required.members);
  return required.optional ? `T.Optional(${source})` : source;
}
