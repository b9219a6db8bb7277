import type { Check } from "../core/check.ts";
import { eventText as text } from "./event-text.ts";
import { event, type IngestWorld, rejected, taken, timeAt } from "./ingest-world.ts";

/** Spec 1.7: when an event was. */
export const eventTimeChecks: readonly Check<IngestWorld>[] = [
  {
    clause: "ingest/event-time/with-and-without-z",
    run: async (world) => {
      const { eventTime } = event(world);
      await taken(world, "a time with Z", text(world));
      await taken(world, "a time without a zone", text(world, { eventTime: String(eventTime).slice(0, 19) }));
    },
  },
  {
    clause: "ingest/event-time/fractions-of-a-second",
    run: async (world) => {
      const second = String(event(world)["eventTime"]).slice(0, 19);
      for (const fraction of [".1", ".123", ".123456789"])
        await taken(world, `the fraction ${fraction}`, text(world, { eventTime: `${second}${fraction}Z` }));
      await rejected(
        world,
        "ten digits of a second",
        text(world, { eventTime: `${second}.1234567890Z` }),
        "InvalidData",
      );
    },
  },
  {
    clause: "ingest/event-time/is-a-time",
    run: async (world) => {
      for (const wrong of [
        "",
        "yesterday",
        "1764428400",
        "2026-11-01",
        "20261101T120000Z",
        "01.11.2026 12:00",
        "2026-13-01T00:00:00Z",
        "2026-11-01T25:00:00Z",
      ])
        await rejected(world, `eventTime ${wrong}`, text(world, { eventTime: wrong }), "InvalidData");
      for (const wrong of [1_764_428_400, true, {}, []])
        await rejected(world, `eventTime ${JSON.stringify(wrong)}`, text(world, { eventTime: wrong }), "InvalidData");
    },
  },
  {
    clause: "ingest/event-time/no-offsets",
    run: async (world) => {
      const second = String(event(world)["eventTime"]).slice(0, 19);
      for (const offset of ["+00:00", "+01:00", "-0500"])
        await rejected(world, `the offset ${offset}`, text(world, { eventTime: `${second}${offset}` }), "InvalidData");
    },
  },
  {
    clause: "ingest/event-time/days-that-exist",
    run: async (world) => {
      await rejected(world, "the 30th of February", text(world, { eventTime: "2026-02-30T00:00:00Z" }), "InvalidData");
      await rejected(
        world,
        "the 29th of February 2025",
        text(world, { eventTime: "2025-02-29T00:00:00Z" }),
        "InvalidData",
      );
      await taken(world, "the 29th of February 2024", text(world, { eventTime: "2024-02-29T00:00:00Z" }));
    },
  },
  {
    clause: "ingest/event-time/1970-to-a-day-ahead",
    run: async (world) => {
      const now = world.wire.subject.now();
      await rejected(world, "a time before 1970", text(world, { eventTime: "1969-12-31T23:59:59Z" }), "InvalidData");
      await rejected(
        world,
        "a time 25 hours ahead",
        text(world, { eventTime: timeAt(now + 25 * 3_600_000) }),
        "InvalidData",
      );
      await taken(world, "a time 23 hours ahead", text(world, { eventTime: timeAt(now + 23 * 3_600_000) }));
    },
  },
  {
    clause: "ingest/event-time/older-than-the-retention-acknowledged",
    run: async (world) => taken(world, "a time of 1971", text(world, { eventTime: "1971-01-01T00:00:00Z" })),
  },
];
