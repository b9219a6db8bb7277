import { TributaryError } from "@tributary/schema";
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { KeptHead } from "../catalog/proof-catalog.ts";

const Head = Type.Object({
  storeId: Type.String({ minLength: 1 }),
  version: Type.Integer({ minimum: 0 }),
  chain: Type.String({ pattern: "^([0-9a-f]{64})?$" }),
  /** When it was kept, ms since 1970. */
  keptAt: Type.Optional(Type.Integer({ minimum: 0, maximum: 8.64e15 })),
});

/** Reads what `heads --json` printed, one JSON object a line. Throws `HEADS_NOT_VALID`. */
export function parseHeads(text: string, name: string): readonly KeptHead[] {
  const heads: KeptHead[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    heads.push(parseHead(line, `${name}, line ${at + 1}`));
  }
  if (heads.length > 0) return heads;
  throw new TributaryError(`${name} has no head. "tributary-lake heads --json" prints them.`, {
    code: "HEADS_NOT_VALID",
  });
}

function parseHead(line: string, where: string): KeptHead {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(where, cause);
  }
  if (Value.Check(Head, value)) return value;
  throw invalid(where);
}

function invalid(where: string, cause?: unknown): TributaryError {
  return new TributaryError(`${where} is not a line of "tributary-lake heads --json".`, {
    code: "HEADS_NOT_VALID",
    cause,
  });
}
