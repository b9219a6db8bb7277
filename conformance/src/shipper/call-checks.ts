import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { checksum } from "../ingest/ingest-world.ts";
import type { Call } from "./scripted-lake.ts";
import { allStored, externalId, finished, play, quiet, sameBytes, type ShipperWorld } from "./shipper-world.ts";

/** Spec 8: what a call holds, and that a record is the same event each time. */
export const callChecks: readonly Check<ShipperWorld>[] = [
  {
    clause: "shipper/batch/up-to-100-events",
    run: (world) =>
      eachCall(world, ({ entries = [] }) =>
        expects(entries.length >= 1 && entries.length <= 100, "1 to 100 events a call", entries.length),
      ),
  },
  {
    clause: "shipper/batch/up-to-1-mb-of-body",
    run: (world) =>
      eachCall(world, ({ bodyBytes }) =>
        expects(bodyBytes <= 1_000_000, "a body of 1,000,000 bytes at most", bodyBytes),
      ),
  },
  {
    clause: "shipper/batch/many-events-a-call",
    run: (world) =>
      play(world, quiet, async ({ lake, run }) => {
        await run();
        const most = Math.max(...lake.calls.map(({ entries = [] }) => entries.length));
        const enough = Math.min(50, Math.floor(world.records.length / 2));
        expects(
          most >= enough,
          `calls with ${enough} events and more`,
          `${most} at most, in ${lake.calls.length} calls`,
        );
      }),
  },
  {
    clause: "shipper/batch/no-id-twice-in-a-call",
    run: (world) =>
      eachCall(world, ({ entries = [] }) =>
        expects(
          new Set(entries.map(({ id }) => id)).size === entries.length,
          "each id once in a call",
          entries.map(({ id }) => id),
        ),
      ),
  },
  {
    clause: "shipper/event/every-record-arrives",
    run: (world) =>
      play(world, quiet, async ({ lake, run }) => finished(await run(), () => allStored(lake, world.records.length))),
  },
  {
    clause: "shipper/event/checksum-always",
    run: (world) =>
      eachCall(world, ({ entries = [] }) => {
        for (const { eventData, eventDataChecksum } of entries)
          expects(
            eventDataChecksum === checksum(eventData),
            `the checksum ${checksum(eventData)}`,
            eventDataChecksum ?? "none",
          );
      }),
  },
  {
    clause: "shipper/request/external-id-on-every-call",
    run: (world) =>
      eachCall(world, (call) =>
        expects(call.externalId === externalId, `externalId=${externalId}`, call.externalId ?? "none"),
      ),
  },
  {
    clause: "shipper/request/signed-for-the-data-plane",
    run: (world) =>
      eachCall(world, ({ signature }) =>
        expects(signature === undefined, "a signature for cloudtrail-data", signature),
      ),
  },
  {
    clause: "shipper/id/the-same-in-every-run",
    run: (world) =>
      play(world, quiet, async ({ lake, run }) => {
        await run();
        const ids = idsOf(lake.calls);
        await play(world, quiet, async (second) => {
          await second.run();
          const others = idsOf(second.lake.calls);
          expects(
            ids.size > 0 && [...ids].every((id) => others.has(id)) && ids.size === others.size,
            "the same ids from a state that knows nothing",
            { first: [...ids].slice(0, 3), second: [...others].slice(0, 3) },
          );
        });
      }),
  },
  {
    clause: "shipper/id/not-by-place",
    run: (world) =>
      play(world, quiet, async ({ lake, run }) => {
        await run();
        const first = textsOf(lake.calls);
        await play(
          world,
          quiet,
          async (second) => {
            await second.run();
            const other = [...textsOf(second.lake.calls)].find(([id, text]) => first.get(id) !== text);
            expects(other === undefined, "an id that stands for the same record in another order", other);
          },
          world.records.slice(1).toReversed(),
        );
      }),
  },
  {
    clause: "shipper/id/run-again-adds-nothing",
    run: (world) =>
      play(world, quiet, async ({ lake, run }) => {
        await run();
        const before = lake.stored.size;
        await run();
        expects(
          lake.stored.size === before,
          `${before} different ids after a second run over the same records`,
          lake.stored.size,
        );
        sameBytes(lake);
      }),
  },
];

async function eachCall(world: ShipperWorld, judge: (call: Call) => void): Promise<void> {
  await play(world, quiet, async ({ lake, run }) => {
    await run();
    expects(lake.calls.length > 0, "calls of PutAuditEvents", "none");
    for (const call of lake.calls) judge(call);
  });
}

function idsOf(calls: readonly Call[]): ReadonlySet<string> {
  return new Set(calls.flatMap(({ entries = [] }) => entries.map(({ id }) => id)));
}

function textsOf(calls: readonly Call[]): ReadonlyMap<string, string> {
  return new Map(calls.flatMap(({ entries = [] }) => entries.map(({ id, eventData }) => [id, eventData] as const)));
}
