import type { Check } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask } from "./ask.ts";
import { sameRowsInAnyOrder } from "./cells.ts";
import { byBytes } from "./conditions.ts";
import { queried, type Stored } from "./query-world.ts";
import { haveValues } from "./vectors.ts";

const count = (samples: readonly Stored[], holds: (sample: Stored) => boolean): string =>
  String(samples.filter(holds).length);

/** How many events there are of each value, NULL among them. */
function counted(
  samples: readonly Stored[],
  of: (sample: Stored) => string | undefined,
): readonly (readonly [string | null, string])[] {
  const counts = new Map<string | null, number>();
  for (const sample of samples) counts.set(of(sample) ?? null, (counts.get(of(sample) ?? null) ?? 0) + 1);
  return [...counts].map(([value, n]) => [value, String(n)]);
}

/** SQL-2023: groups, aggregates and DISTINCT. */
export const groupChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/select/group-by",
    run: async (world) => {
      const place = await queried(world);
      const wanted = counted(place.samples, ({ event }) => event.eventName);
      for (const key of ["eventData.eventName", "1"])
        sameRowsInAnyOrder(
          await ask(place, `SELECT eventData.eventName, count(*) AS n FROM $STORE WHERE $MINE GROUP BY ${key}`),
          wanted,
        );
    },
  },
  {
    clause: "query/select/null-is-a-group",
    run: async (world) => {
      const place = await queried(world);
      const wanted = counted(place.samples, ({ event }) => event.errorCode ?? "none");
      sameRowsInAnyOrder(
        await ask(
          place,
          "SELECT coalesce(max(eventData.errorCode), 'none') AS code, count(*) AS n FROM $STORE WHERE $MINE GROUP BY eventData.errorCode",
        ),
        wanted,
      );
    },
  },
  {
    clause: "query/select/having",
    run: async (world) => {
      const place = await queried(world);
      const wanted = counted(place.samples, ({ event }) => event.userIdentity.type).filter(([, n]) => Number(n) > 10);
      sameRowsInAnyOrder(
        await ask(
          place,
          "SELECT eventData.userIdentity.type, count(*) AS n FROM $STORE WHERE $MINE GROUP BY eventData.userIdentity.type HAVING count(*) > 10",
        ),
        wanted,
      );
    },
  },
  {
    clause: "query/select/distinct",
    run: async (world) => {
      const place = await queried(world);
      const wanted = counted(place.samples, ({ event }) => `${event.eventName} ${event.errorCode ?? "none"}`).map(
        ([value]) => (value ?? "").split(" "),
      );
      sameRowsInAnyOrder(
        await ask(
          place,
          "SELECT DISTINCT eventData.eventName, coalesce(eventData.errorCode, 'none') AS e FROM $STORE WHERE $MINE",
        ),
        wanted,
      );
    },
  },
  {
    clause: "query/select/aggregates",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      const names = samples.map(({ event }) => event.eventName).toSorted(byBytes);
      const score = "CAST(element_at(eventData.requestParameters, 'count') AS bigint)";
      await haveValues(
        place,
        [
          ["count(*)", String(samples.length)],
          ["count(eventData.errorCode)", count(samples, ({ event }) => event.errorCode !== undefined)],
          ["count(DISTINCT eventData.errorCode)", "2"],
          ["count_if(eventData.errorCode IS NULL)", count(samples, ({ event }) => event.errorCode === undefined)],
          [
            "count(*) FILTER (WHERE eventData.userIdentity.type = 'User')",
            count(samples, ({ event }) => event.userIdentity.type === "User"),
          ],
          ["min(eventData.eventName)", names[0]!],
          ["max(eventData.eventName)", names.at(-1)!],
          [`sum(${score})`, String(samples.reduce((sum, { n }) => sum + n, 0))],
          [`avg(${score})`, "19.5"],
          ["max_by(eventData.UID, eventTime)", "uid-39"],
          ["min_by(eventData.UID, eventTime)", "uid-00"],
          ["cardinality(array_agg(eventID))", String(samples.length)],
          ["bool_or(eventData.UID = 'uid-01')", "true"],
          ["bool_and(eventData.UID = 'uid-01')", "false"],
        ],
        "FROM $STORE WHERE $MINE",
      );
    },
  },
  {
    clause: "query/select/aggregates-of-nothing",
    run: async (world) =>
      haveValues(
        await queried(world),
        [
          ["count(*)", "0"],
          ["max(eventData.UID) IS NULL", "true"],
          ["sum(1) IS NULL", "true"],
        ],
        "FROM $STORE WHERE $MINE AND eventData.UID = 'none'",
      ),
  },
  {
    clause: "query/select/case",
    run: async (world) => {
      const place = await queried(world);
      sameRowsInAnyOrder(
        await ask(
          place,
          "SELECT CASE WHEN eventData.errorCode = 'AccessDenied' THEN 'denied' WHEN eventData.errorCode IS NULL THEN 'fine' ELSE 'other' END AS how, count(*) AS n FROM $STORE WHERE $MINE GROUP BY 1",
        ),
        counted(place.samples, ({ event }) =>
          event.errorCode === undefined ? "fine" : event.errorCode === "AccessDenied" ? "denied" : "other",
        ),
      );
      await haveValues(place, [
        ["CASE eventData.UID WHEN 'none' THEN 'a' END IS NULL", "true"],
        ["if(1 > 2, 'a', 'b')", "b"],
        ["nullif('a', 'a') IS NULL", "true"],
      ]);
    },
  },
];
