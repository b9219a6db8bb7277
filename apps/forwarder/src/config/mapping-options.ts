import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type TSchema, Type as T } from "@sinclair/typebox";
import { type Adapter, type Json, type JsonObject, RedactOption } from "@tributary/adapter-kit";
import type { IntegrationConfig } from "./config-schema.ts";
import { messageOf } from "./message-of.ts";
import { schemaFindings, shown } from "./schema-findings.ts";
import type { ReadSecret } from "./read-secret.ts";
import { withDefaults } from "./with-defaults.ts";
import type { Finding } from "./yaml-source.ts";

export interface MappingOptions {
  readonly options: Json | undefined;
  readonly secrets: readonly string[];
  /** Paths begin at the integration. */
  readonly findings: readonly Finding[];
}

/**
 * What an adapter's mapping is told: `options` (the adapter's own, `drops`, `redact`), checked, with the document that `mapping`
 * names. The key of hashes, `redact.hashKey`, may say where it is like any secret.
 */
export async function mappingOptions(
  { options: given, mapping }: IntegrationConfig,
  adapter: Adapter,
  directory: string,
  read: (place: unknown) => ReadSecret,
): Promise<MappingOptions> {
  const nothing = { options: undefined, secrets: [] };
  if (given === undefined && mapping === undefined) return { ...nothing, findings: [] };
  if (given !== undefined && !isObject(given)) {
    const message = `${shown(given)} is not allowed: it takes a map`;
    return { ...nothing, findings: [{ path: ["options"], message, fix: "write one member a line" }] };
  }
  const { options, secrets, finding } = withHashKey(given ?? {}, read);
  const schema = schemaOf(adapter);
  const findings: Finding[] = [...schemaFindings(schema, withDefaults(schema, options), ["options"])];
  if (finding !== undefined) findings.push(finding);
  if (mapping === undefined) return { options, secrets, findings };
  try {
    if (adapter.name !== "custom") throw new Error("A mapping document is of the adapter custom");
    const { parseMapping } = await import("@tributary/adapter-custom");
    const file = resolve(directory, mapping);
    if (!existsSync(file)) throw new Error(`There is no file ${file}`);
    const document: Json = parseMapping(readFileSync(file, "utf8"), mapping);
    return { options: { ...options, mapping: document }, secrets, findings };
  } catch (error) {
    findings.push({ path: ["mapping"], message: messageOf(error), fix: "mend the document, or take mapping away" });
    return { options, secrets, findings };
  }
}

/** The adapter's own options beside the kit's. */
function schemaOf(adapter: Adapter): TSchema {
  const rules = Object.keys(adapter.drops ?? {}).map((rule) => [rule, T.Optional(T.Boolean())] as const);
  const own: Readonly<Record<string, TSchema>> = adapter.options?.["properties"] ?? {};
  return T.Object({
    ...own,
    drops: T.Optional(T.Object(Object.fromEntries(rules))),
    redact: T.Optional(RedactOption),
  });
}

function withHashKey(
  options: JsonObject,
  read: (place: unknown) => ReadSecret,
): { readonly options: JsonObject; readonly secrets: readonly string[]; readonly finding?: Finding } {
  const { redact } = options;
  if (!isObject(redact) || !isObject(redact["hashKey"])) return { options, secrets: [] };
  const found = read(redact["hashKey"]);
  if (!("text" in found))
    return { options, secrets: [], finding: { path: ["options", "redact", "hashKey"], ...found } };
  return { options: { ...options, redact: { ...redact, hashKey: found.text } }, secrets: [found.text] };
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
