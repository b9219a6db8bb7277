import { Type as T } from "@sinclair/typebox";
import { defineAdapter, Refused } from "@tributary/adapter-kit";
import type { Adapter, Json } from "@tributary/adapter-kit";
import { formats } from "./formats.ts";
import { builtIns } from "./formats/built-ins.ts";
import { compiledMapping } from "./mapping/check-mapping.ts";
import type { CompiledMapping } from "./mapping/compile-mapping.ts";
import { eventOfRecord, idOfRecord, membersOf } from "./mapping/run-mapping.ts";
import { builtInOf, readBuiltIn } from "./read-records.ts";

/** The pipeline of all built-in formats: each record by the table of the format that it is of. */
export function builtInAdapter(zone: string | undefined): Adapter {
  const tables = new Map<string, CompiledMapping>();
  const tableOf = (record: Json): CompiledMapping => {
    const format = builtInOf(record);
    if (format === undefined)
      throw new Refused(
        "RECORD_NOT_RECOGNISED",
        `This is no record of a built-in format (${Object.keys(builtIns).join(", ")}); ${whatItIs(record)}. Write a mapping document for your application, or try the mapping guess.`,
      );
    let table = tables.get(format.name);
    if (table === undefined) {
      table = compiledMapping({ version: 1, extends: format.name }, { zone });
      tables.set(format.name, table);
    }
    return table;
  };
  return defineAdapter({
    name: "custom",
    source: "Custom",
    displayName: "Custom",
    record: T.Unsafe<Json>(T.Unknown()),
    countsOccurrences: true,
    formats,
    split: readBuiltIn,
    eventId: (record, { origin }) => idOfRecord(record, origin, tableOf(record)),
    toEvent: (record, { origin, id }) => eventOfRecord(record, origin, tableOf(record), id),
  });
}

function whatItIs(record: Json): string {
  return typeof record === "object" && record !== null && !Array.isArray(record)
    ? `it has the members ${membersOf(record)}`
    : "it is no object";
}
