import { gzipSync } from "node:zlib";
import type { Check } from "../core/check.ts";
import { refused } from "../wire/answer.ts";
import { type IngestWorld, oneEvent, put, tookOne } from "./ingest-world.ts";

/** Spec 1.1: the body around the entries. */
export const bodyChecks: readonly Check<IngestWorld>[] = [
  {
    clause: "ingest/body/is-json",
    run: async (world) => {
      const whole = JSON.stringify({ auditEvents: oneEvent(world) });
      for (const body of ["", "no JSON", whole.slice(0, -1), `${whole}x`, `/* */${whole}`, whole.replace(/]}$/, "],}")])
        refused(await put(world, [], { body }));
    },
  },
  {
    clause: "ingest/body/is-an-object",
    run: async (world) => {
      for (const body of ["null", "1", '"text"', "[]", JSON.stringify(oneEvent(world))])
        refused(await put(world, [], { body }));
    },
  },
  {
    clause: "ingest/body/malformed-is-a-serialization-exception",
    run: async (world) => {
      for (const body of ["no JSON", '{"auditEvents":{}}', '{"auditEvents":[1]}', "[]"])
        refused(await put(world, [], { body }), "SerializationException", 400);
      // A line feed inside a string, as in a published example.
      refused(
        await put(world, [], { body: '{"auditEvents":[{"id":"a","eventData":"{\n}"}]}' }),
        "SerializationException",
        400,
      );
      const invalid = Buffer.concat([
        Buffer.from('{"auditEvents":[{"id":"a","eventData":"'),
        Buffer.of(0xff),
        Buffer.from('"}]}'),
      ]);
      refused(await put(world, [], { body: invalid }), "SerializationException", 400);
    },
  },
  {
    clause: "ingest/body/unknown-members-ignored",
    run: async (world) => {
      const entries = oneEvent(world).map((entry) => ({ ...entry, extra: { a: 1 } }));
      tookOne(await put(world, [], { body: JSON.stringify({ auditEvents: entries, more: [1] }) }));
    },
  },
  {
    clause: "ingest/body/gzip-accepted",
    run: async (world) => {
      const headers = [
        ["Content-Type", "application/json"],
        ["Content-Encoding", "gzip"],
      ] as const;
      tookOne(await put(world, [], { body: gzipSync(JSON.stringify({ auditEvents: oneEvent(world) })), headers }));
    },
  },
];
