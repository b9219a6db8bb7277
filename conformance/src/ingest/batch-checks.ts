import { integer, record, stringMatching } from "fast-check";
import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { refused } from "../wire/answer.ts";
import { ends, entry, event, type IngestWorld, many, put } from "./ingest-world.ts";

/** Spec 1.1 to 1.3: what a request holds, and what is answered about each entry. */
export const batchChecks: readonly Check<IngestWorld>[] = [
  {
    clause: "ingest/batch/1-entry-accepted",
    run: async (world) => all(world, 1),
  },
  {
    clause: "ingest/batch/100-entries-accepted",
    run: async (world) => all(world, 100),
  },
  {
    clause: "ingest/batch/0-entries-refused",
    run: async (world) => refused(await put(world, [])),
  },
  {
    clause: "ingest/batch/101-entries-refused",
    run: async (world) => refused(await put(world, many(world, 101))),
  },
  {
    clause: "ingest/batch/no-entries-member-refused",
    run: async (world) => refused(await put(world, [], { body: "{}" })),
  },
  {
    clause: "ingest/batch/shape-refusals-are-validation-exceptions",
    run: async (world) => {
      refused(await put(world, []), "ValidationException", 400);
      refused(await put(world, many(world, 101)), "ValidationException", 400);
      refused(await put(world, [{ id: "a b", eventData: "{}" }]), "ValidationException", 400);
    },
  },
  {
    clause: "ingest/batch/same-id-twice-refuses-all",
    run: async (world, { property }) =>
      property(
        record({ size: integer({ min: 2, max: 40 }), first: integer(), second: integer() }),
        async (input, witness) => {
          const entries = many(world, input.size);
          const [at, to] = [Math.abs(input.first) % input.size, Math.abs(input.second) % input.size];
          if (at === to) return;
          witness();
          const twice = entries.map((one, index) => (index === to ? { ...one, id: entries[at]!.id } : one));
          refused(await put(world, twice), "DuplicatedAuditEventId", 400);
        },
      ),
  },
  {
    clause: "ingest/batch/ids-differ-by-case",
    run: async (world) => {
      const answer = await put(world, [entry(world, "Event-a"), entry(world, "event-a")]);
      const found = ends(answer);
      expects(
        found.size === 2 && [...found.values()].every((code) => code === undefined),
        "both are taken",
        answer.text,
      );
    },
  },
  {
    clause: "ingest/id/1-to-128-characters",
    run: async (world) => {
      for (const id of ["a", "x".repeat(127), "x".repeat(128)]) takenAs(await put(world, [entry(world, id)]), id);
      for (const id of ["", "x".repeat(129)]) refused(await put(world, [entry(world, id)]));
    },
  },
  {
    clause: "ingest/id/letters-digits-underscore-hyphen",
    run: async (world, { property }) => {
      await property(stringMatching(/^[-_A-Za-z0-9]{1,128}$/), async (id, witness) => {
        witness();
        takenAs(await put(world, [entry(world, id)]), id);
      });
      for (const bad of ["a b", "a.b", "a/b", "a:b", "ä", "a\n", "=", "😀", "a b", " a"])
        refused(await put(world, [entry(world, bad)]));
    },
  },
  {
    clause: "ingest/id/required",
    run: async (world) => refused(await put(world, [{ eventData: JSON.stringify(event(world)) }])),
  },
  {
    clause: "ingest/event-data/required",
    run: async (world) => refused(await put(world, [{ id: "a" }])),
  },
  {
    clause: "ingest/event-data/is-a-string",
    run: async (world) => {
      for (const eventData of [event(world), 1, true, [JSON.stringify(event(world))]])
        refused(await put(world, [{ id: "a", eventData }]));
    },
  },
];

async function all(world: IngestWorld, count: number): Promise<void> {
  const answer = await put(world, many(world, count));
  const good = [...ends(answer)].filter(([, code]) => code === undefined);
  expects(good.length === count, `${count} entries in successful`, answer.text);
}

function takenAs(answer: Parameters<typeof ends>[0], id: string): void {
  const found = ends(answer);
  expects(found.has(id) && found.get(id) === undefined, `id ${id} in successful`, answer.text);
}
