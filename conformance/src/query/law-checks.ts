import { array, constantFrom, integer, record, uniqueArray } from "fast-check";
import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask } from "./ask.ts";
import { rowsText, sameRows, sameRowsInAnyOrder, valuesOf } from "./cells.ts";
import { byBytes, conditions, fieldAndValue, fields, quoted } from "./conditions.ts";
import { sampleCount } from "./sample-events.ts";
import { ofEvent, queried, type Stored } from "./query-world.ts";

const names = Object.keys(fields);
/** A query takes seconds where it waits for its turn: fewer inputs than of other searches. */
const few = { runs: 5 };

/** What holds for every statement of a kind, over whatever was put. */
export const lawChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/law/where-finds-exactly-the-events",
    run: async (world, { property }) => {
      const place = await queried(world);
      await property(
        fieldAndValue,
        async ({ field, value }, witness) => {
          const wanted = place.samples.filter((sample) => fields[field]!(sample) === value);
          if (wanted.length > 0 && wanted.length < place.samples.length) witness();
          sameRowsInAnyOrder(
            await ask(place, `SELECT eventID FROM $STORE WHERE $MINE AND ${field} = ${quoted(value)}`),
            wanted.map(({ eventID }) => [eventID]),
            ofEvent(place),
          );
        },
        few,
      );
    },
  },
  {
    clause: "query/law/any-condition",
    run: async (world, { property }) => {
      const place = await queried(world);
      await property(
        conditions(place.samples[0]!.ms),
        async ({ text, holds }, witness) => {
          const wanted = place.samples.filter((sample) => holds(sample) === true);
          if (wanted.length > 0 && wanted.length < place.samples.length) witness();
          sameRowsInAnyOrder(
            await ask(place, `SELECT eventData.UID FROM $STORE WHERE $MINE AND ${text}`),
            wanted.map(({ event }) => [event.UID]),
            ofEvent(place),
          );
        },
        { runs: 12 },
      );
    },
  },
  {
    clause: "query/law/counts-add-up",
    run: async (world, { property }) => {
      const place = await queried(world);
      await property(
        constantFrom(...names),
        async (field, witness) => {
          const counts = new Map<string, number>();
          for (const sample of place.samples) {
            const value = fields[field]!(sample) ?? "none at all";
            counts.set(value, (counts.get(value) ?? 0) + 1);
          }
          if (counts.size > 1) witness();
          const outcome = await ask(
            place,
            `SELECT coalesce(${field}, 'none at all') AS v, count(*) AS n FROM $STORE WHERE $MINE GROUP BY 1`,
          );
          sameRowsInAnyOrder(
            outcome,
            [...counts].map(([value, n]) => [value, String(n)]),
          );
        },
        few,
      );
    },
  },
  {
    clause: "query/law/order-by-is-a-sorted-permutation",
    run: async (world, { property }) => {
      const place = await queried(world);
      await property(
        record({
          keys: uniqueArray(record({ field: constantFrom(...names), descending: constantFrom(false, true) }), {
            minLength: 1,
            maxLength: 3,
            selector: ({ field }) => field,
          }),
        }),
        async ({ keys }, witness) => {
          const order = (a: Stored, b: Stored): number => {
            for (const { field, descending } of keys) {
              const [one, two] = [fields[field]!(a), fields[field]!(b)];
              if (one === two) continue;
              // NULL is last in both directions.
              if (one === undefined || two === undefined) return one === undefined ? 1 : -1;
              return byBytes(one, two) * (descending ? -1 : 1);
            }
            return a.n - b.n;
          };
          const sorted = place.samples.toSorted(order);
          if (sorted.some(({ n }, at) => n !== at)) witness();
          const text = keys.map(({ field, descending }) => `${field} ${descending ? "DESC" : "ASC"}`).join(", ");
          sameRows(
            await ask(
              place,
              `SELECT eventData.UID, ${keys.map(({ field }) => field).join(", ")} FROM $STORE WHERE $MINE ORDER BY ${text}, eventTime`,
            ),
            sorted.map((sample) => [sample.event.UID, ...keys.map(({ field }) => fields[field]!(sample) ?? null)]),
          );
        },
        few,
      );
    },
  },
  {
    clause: "query/law/limit-is-the-beginning",
    run: async (world, { property }) => {
      const place = await queried(world);
      await property(
        record({ limit: integer({ min: 1, max: sampleCount - 1 }), field: constantFrom(...names) }),
        async ({ limit, field }, witness) => {
          const all = `SELECT eventData.UID FROM $STORE WHERE $MINE ORDER BY ${field}, eventTime`;
          const { rows, statement } = await ask(place, all);
          const whole = rows.map(valuesOf);
          if (limit < whole.length) witness();
          const got = (await ask(place, `${all} LIMIT ${limit}`)).rows.map(valuesOf);
          expects(
            String(got) === String(whole.slice(0, limit)),
            `with LIMIT ${limit} the beginning, ${rowsText(whole.slice(0, limit))}, of ${statement}`,
            rowsText(got),
          );
        },
        { runs: 2 },
      );
    },
  },
  {
    clause: "query/law/what-is-put-is-found",
    run: async (world, { property }) => {
      const place = await queried(world);
      await property(
        array(integer({ min: 0, max: place.samples.length - 1 }), { minLength: 1, maxLength: 10 }),
        async (picked, witness) => {
          witness();
          const ids = [...new Set(picked)].map((n) => place.samples[n]!);
          sameRowsInAnyOrder(
            await ask(
              place,
              `SELECT eventID, eventData.UID, eventData.eventTime FROM $STORE WHERE eventID IN (${ids.map(({ eventID }) => quoted(eventID)).join(", ")})`,
            ),
            ids.map(({ eventID, event }) => [eventID, event.UID, event.eventTime]),
          );
        },
        { runs: 2 },
      );
    },
  },
];
