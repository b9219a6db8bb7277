import { Type as T } from "@sinclair/typebox";
import { defineAdapter } from "@tributary/adapter-kit";
import type { Adapter, Json } from "@tributary/adapter-kit";
import { formats } from "./formats.ts";
import { compiledMapping } from "./mapping/check-mapping.ts";
import type { CompiledMapping, MappingDefaults } from "./mapping/compile-mapping.ts";
import { eventOfRecord, idOfRecord } from "./mapping/run-mapping.ts";
import { readMapped } from "./read-records.ts";
import { recordSchema } from "./record-schema.ts";

/**
 * An adapter of a mapping document: YAML or JSON text, or its value. Throws `MappingInvalid` with everything that is wrong
 * with the document, each problem with its place and what to do.
 */
export function customAdapter(document: Json, defaults: MappingDefaults = {}): Adapter {
  const mapping = compiledMapping(document, defaults);
  // The pipeline asks no schema: what is no record of the mapping is refused with a reason, in eventId.
  return Object.freeze({ ...adapterOf(mapping), record: recordSchema(mapping) });
}

/** The pipeline of a compiled mapping. */
export function adapterOf(mapping: CompiledMapping): Adapter {
  const { rules } = mapping;
  return defineAdapter({
    name: mapping.name,
    source: "Custom",
    displayName: mapping.name,
    record: T.Unsafe<Json>(T.Unknown()),
    countsOccurrences: true,
    secrets: mapping.redact,
    ...(rules.length === 0
      ? {}
      : {
          drops: Object.fromEntries(rules.map(({ name, why }) => [name, why])),
          drop: (record: Json) => rules.find(({ holds }) => holds(record))?.name,
        }),
    formats,
    split: (value) => readMapped(value, mapping),
    eventId: (record, { origin }) => idOfRecord(record, origin, mapping),
    toEvent: (record, { origin, id }) => eventOfRecord(record, origin, mapping, id),
    webhook: async () => (await import("./webhook.ts")).webhook,
  });
}
