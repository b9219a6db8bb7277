import { Value } from "@sinclair/typebox/value";
import type { Json } from "@tributary/adapter-kit";
import { compileMapping } from "./compile-mapping.ts";
import type { CompiledMapping, MappingDefaults } from "./compile-mapping.ts";
import type { Finding } from "./document-path.ts";
import { explain } from "./explain.ts";
import type { SchemaNode } from "./explain.ts";
import { MappingInvalid } from "./mapping-invalid.ts";
import type { MappingProblem } from "./mapping-problem.ts";
import { MappingSchema } from "./mapping-schema.ts";
import { readDocument, unplaced } from "./read-document.ts";

/**
 * Everything that is wrong with a mapping document, each problem with its place and what to do; none where it can be used.
 * Never throws.
 * @param document YAML or JSON text, whose problems have line and column, or the value that such a text has
 */
export function checkMapping(document: Json, defaults: MappingDefaults = {}): readonly MappingProblem[] {
  return examine(document, defaults).problems;
}

/**
 * The value of a mapping document, for the option `mapping` of the adapter. Throws {@link MappingInvalid} with every problem.
 * @param file its name, for the messages
 */
export function parseMapping(text: string, file?: string): Json {
  const { value, problems } = examine(text, {});
  if (value === undefined || problems.length > 0) throw new MappingInvalid(problems, file);
  return value;
}

/** A mapping document, ready to run. Throws {@link MappingInvalid} with every problem. */
export function compiledMapping(document: Json, defaults: MappingDefaults): CompiledMapping {
  const { mapping, problems } = examine(document, defaults);
  if (mapping === undefined) throw new MappingInvalid(problems);
  return mapping;
}

/** A document that nests deeper is no mapping. */
const maxDepth = 64;

function examine(
  document: Json,
  defaults: MappingDefaults,
): {
  readonly problems: readonly MappingProblem[];
  readonly value?: Json | undefined;
  readonly mapping?: CompiledMapping | undefined;
} {
  const read =
    typeof document === "string" ? readDocument(document) : { value: document, problems: [], locate: unplaced };
  const { value } = read;
  if (value === undefined) return { problems: read.problems };
  const place = (findings: readonly Finding[]) => findings.map((finding) => read.locate(finding));
  if (isDeeper(value, maxDepth))
    return {
      problems: place([
        { path: [], message: `The document nests deeper than ${maxDepth} levels`, fix: "write it with fewer levels" },
      ]),
    };
  if (!Value.Check(MappingSchema, value)) return { problems: place(explain({ $ref: "Mapping" }, value, definitions)) };
  const { mapping, findings } = compileMapping(value, defaults);
  return findings.length > 0 ? { problems: place(findings) } : { problems: [], value, mapping };
}

const definitions: Readonly<Record<string, SchemaNode>> = JSON.parse(JSON.stringify(MappingSchema.$defs));

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
