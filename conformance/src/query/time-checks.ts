import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask } from "./ask.ts";
import { sameRowsInAnyOrder } from "./cells.ts";
import { findsEach, type Found } from "./finds.ts";
import { type Queried, queried } from "./query-world.ts";
import { haveValues } from "./vectors.ts";

const dayMs = 86_400_000;
/** `2023-01-22 16:53:53`, with what stands between the date and the time. */
const text = (ms: number, between = " "): string => new Date(ms).toISOString().slice(0, 19).replace("T", between);

const date = (ms: number): string => text(ms).slice(0, 10);

/** A condition, and whether it holds of a time. */
const found = (condition: string, holds: (ms: number) => boolean): Found => [condition, ({ ms }) => holds(ms)];

/** The time of an event in the middle. */
const middle = (place: Queried): number => place.samples[17]!.ms;

/** SQL-2023: eventTime is a timestamp that is compared with texts, too. */
export const timeChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/time/event-time-is-a-timestamp",
    run: async (world) => {
      const place = await queried(world);
      const at = middle(place);
      await findsEach(place, [
        found(`eventTime > TIMESTAMP '${text(at)}'`, (ms) => ms > at),
        found(`eventTime <= TIMESTAMP '${text(at)}.000'`, (ms) => ms <= at),
      ]);
      await haveValues(
        place,
        [[`to_unixtime(eventTime) = ${at / 1000}`, "true"]],
        "FROM $STORE WHERE $MINE AND eventData.UID = 'uid-17'",
      );
    },
  },
  {
    clause: "query/time/compared-with-a-text",
    run: async (world) => {
      const place = await queried(world);
      const at = middle(place);
      const conditions = [text(at), `${text(at)}.000`].flatMap((written) => [
        found(`eventTime > '${written}'`, (ms) => ms > at),
        found(`eventTime <= '${written}'`, (ms) => ms <= at),
        found(`'${written}' = eventTime`, (ms) => ms === at),
      ]);
      await findsEach(place, conditions);
    },
  },
  {
    clause: "query/time/compared-with-a-date",
    run: async (world) => {
      const place = await queried(world);
      const midnight = Math.floor(middle(place) / dayMs) * dayMs;
      await findsEach(place, [
        found(`eventTime >= '${date(midnight)}'`, (ms) => ms >= midnight),
        found(`eventTime < '${date(midnight + dayMs)}'`, (ms) => ms < midnight + dayMs),
        found(`eventTime > '${date(midnight + 2 * dayMs)}'`, () => false),
      ]);
    },
  },
  {
    clause: "query/time/compared-with-iso-8601",
    run: async (world) => {
      const place = await queried(world);
      const at = middle(place);
      await findsEach(place, [found(`eventTime >= '${text(at, "T")}Z'`, (ms) => ms >= at)]);
    },
  },
  {
    clause: "query/time/between-texts",
    run: async (world) => {
      const place = await queried(world);
      const [from, to] = [place.samples[5]!.ms, place.samples[30]!.ms];
      await findsEach(place, [
        found(`eventTime BETWEEN '${text(from)}' AND '${text(to)}'`, (ms) => ms >= from && ms <= to),
        found(`eventTime NOT BETWEEN '${text(from)}' AND '${text(to)}'`, (ms) => ms < from || ms > to),
      ]);
    },
  },
  {
    clause: "query/time/fractions-count",
    run: async (world) => {
      const place = await queried(world);
      const at = middle(place);
      await findsEach(place, [
        found(`eventTime > '${text(at - 1000)}.999' AND eventTime < '${text(at)}.001'`, (ms) => ms === at),
        found(`eventTime > '${text(at)}.001'`, (ms) => ms > at),
      ]);
    },
  },
  {
    clause: "query/time/intervals",
    run: async (world) => {
      const place = await queried(world);
      const at = middle(place);
      await findsEach(place, [
        found(`eventTime > TIMESTAMP '${text(at)}' - INTERVAL '1' HOUR`, (ms) => ms > at - 3_600_000),
        found(`eventTime + INTERVAL '30' MINUTE <= TIMESTAMP '${text(at)}'`, (ms) => ms + 1_800_000 <= at),
        found(`eventTime > date_add('day', -1, TIMESTAMP '${text(at)}')`, (ms) => ms > at - dayMs),
      ]);
    },
  },
  {
    clause: "query/time/own-time-is-text",
    run: async (world) => {
      const place = await queried(world);
      const { event } = place.samples[17]!;
      await haveValues(
        place,
        [
          ["eventData.eventTime", event.eventTime],
          [`eventData.eventTime = '${event.eventTime}'`, "true"],
          ["length(eventData.eventTime)", String(event.eventTime.length)],
          ["substr(eventData.eventTime, 1, 10)", event.eventTime.slice(0, 10)],
          [`eventData.eventTime LIKE '${event.eventTime.slice(0, 13)}%'`, "true"],
          ["from_iso8601_timestamp(eventData.eventTime) = eventTime", "true"],
        ],
        "FROM $STORE WHERE $MINE AND eventData.UID = 'uid-17'",
      );
    },
  },
  {
    clause: "query/time/own-time-compared-with-a-timestamp",
    run: async (world) => {
      const place = await queried(world);
      const at = middle(place);
      await findsEach(place, [found(`eventData.eventTime >= TIMESTAMP '${text(at)}'`, (ms) => ms >= at)]);
    },
  },
  {
    clause: "query/time/grouped-by-the-hour",
    run: async (world) => {
      const place = await queried(world);
      const counts = new Map<number, number>();
      for (const { ms } of place.samples) {
        const hour = Math.floor(ms / 3_600_000) * 3_600_000;
        counts.set(hour, (counts.get(hour) ?? 0) + 1);
      }
      const outcome = await ask(
        place,
        "SELECT date_trunc('hour', eventTime) AS hour, count(*) AS n FROM $STORE WHERE $MINE GROUP BY 1 ORDER BY 1",
      );
      sameRowsInAnyOrder(
        outcome,
        [...counts].map(([hour, n]) => [`${text(hour)}.000`, String(n)]),
      );
    },
  },
  {
    clause: "query/time/now-is-now",
    run: async (world) => {
      const place = await queried(world);
      const outcome = await ask(
        place,
        "SELECT to_unixtime(max(eventTime)) < to_unixtime(now()) AS past, date_diff('day', max(eventTime), now()) AS days FROM $STORE WHERE $MINE",
      );
      const [past, days] = (outcome.rows[0] ?? []).map(({ value }) => value);
      expects(
        past === "true" && days === "0",
        `now() after every event, by less than a day, of ${outcome.statement}`,
        outcome.rows,
      );
    },
  },
];
