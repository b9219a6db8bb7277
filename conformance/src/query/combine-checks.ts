import type { Check } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask } from "./ask.ts";
import { sameRows, sameRowsInAnyOrder, type Wanted } from "./cells.ts";
import { queried, type Stored } from "./query-world.ts";
import { comesToNothing } from "./vectors.ts";

const uids = (samples: readonly Stored[]): readonly Wanted[] => samples.map(({ event }) => [event.UID]);
const errors = (samples: readonly Stored[]): readonly Stored[] =>
  samples.filter(({ event }) => event.errorCode !== undefined);
const services = (samples: readonly Stored[]): readonly Stored[] =>
  samples.filter(({ event }) => event.userIdentity.type === "Service");
const select = "SELECT eventData.UID FROM $STORE WHERE $MINE";

/** SQL-2023: several tables in one statement. */
export const combineChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/combine/union-all",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      sameRowsInAnyOrder(
        await ask(
          place,
          `${select} AND eventData.errorCode IS NOT NULL UNION ALL ${select} AND eventData.userIdentity.type = 'Service'`,
        ),
        uids([...errors(samples), ...services(samples)]),
      );
    },
  },
  {
    clause: "query/combine/union",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      const both = samples.filter((sample) => errors(samples).includes(sample) || services(samples).includes(sample));
      sameRows(
        await ask(
          place,
          `${select} AND eventData.errorCode IS NOT NULL UNION ${select} AND eventData.userIdentity.type = 'Service' ORDER BY 1`,
        ),
        uids(both),
      );
    },
  },
  {
    clause: "query/combine/intersect-and-except",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      const second = services(samples);
      sameRowsInAnyOrder(
        await ask(
          place,
          `${select} AND eventData.errorCode IS NOT NULL INTERSECT ${select} AND eventData.userIdentity.type = 'Service'`,
        ),
        uids(errors(samples).filter((sample) => second.includes(sample))),
      );
      sameRowsInAnyOrder(
        await ask(
          place,
          `${select} AND eventData.errorCode IS NOT NULL EXCEPT ${select} AND eventData.userIdentity.type = 'Service'`,
        ),
        uids(errors(samples).filter((sample) => !second.includes(sample))),
      );
    },
  },
  {
    clause: "query/combine/join",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      const pairs = errors(samples).flatMap((a) =>
        services(samples)
          .filter((b) => a.event.userIdentity.principalId === b.event.userIdentity.principalId)
          .map((b): Wanted => [a.event.UID, b.event.UID]),
      );
      for (const join of ["JOIN", "INNER JOIN"])
        sameRowsInAnyOrder(
          await ask(
            place,
            `SELECT a.eventData.UID AS a, b.eventData.UID AS b FROM $STORE a ${join} $STORE b ON a.eventData.userIdentity.principalId = b.eventData.userIdentity.principalId WHERE $MINE(a) AND $MINE(b) AND a.eventData.errorCode IS NOT NULL AND b.eventData.userIdentity.type = 'Service'`,
          ),
          pairs,
        );
    },
  },
  {
    clause: "query/combine/left-join",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      sameRows(
        await ask(
          place,
          "SELECT a.eventData.UID, b.code IS NULL AS alone FROM $STORE a LEFT JOIN (SELECT eventID, eventData.errorCode AS code FROM $STORE WHERE eventData.errorCode IS NOT NULL) b ON a.eventID = b.eventID WHERE $MINE(a) ORDER BY a.eventTime",
        ),
        samples.map(({ event }) => [event.UID, String(event.errorCode === undefined)]),
      );
    },
  },
  {
    clause: "query/combine/cross-join",
    run: async (world) => {
      const place = await queried(world);
      const wanted = String(errors(place.samples).length * services(place.samples).length);
      for (const cross of [" CROSS JOIN", ","])
        sameRows(
          await ask(
            place,
            `SELECT count(*) AS n FROM $STORE a${cross} $STORE b WHERE $MINE(a) AND $MINE(b) AND a.eventData.errorCode IS NOT NULL AND b.eventData.userIdentity.type = 'Service'`,
          ),
          [[wanted]],
        );
    },
  },
  {
    clause: "query/combine/in-a-query",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      const who = new Set(services(samples).map(({ event }) => event.userIdentity.principalId));
      const list =
        "(SELECT eventData.userIdentity.principalId FROM $STORE WHERE $MINE AND eventData.userIdentity.type = 'Service')";
      sameRowsInAnyOrder(
        await ask(place, `${select} AND eventData.userIdentity.principalId IN ${list}`),
        uids(samples.filter(({ event }) => who.has(event.userIdentity.principalId))),
      );
      sameRowsInAnyOrder(
        await ask(place, `${select} AND eventData.userIdentity.principalId NOT IN ${list}`),
        uids(samples.filter(({ event }) => !who.has(event.userIdentity.principalId))),
      );
    },
  },
  {
    clause: "query/combine/exists",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      const denied = new Set(errors(samples).map(({ event }) => event.userIdentity.principalId));
      sameRowsInAnyOrder(
        await ask(
          place,
          "SELECT a.eventData.UID FROM $STORE a WHERE $MINE(a) AND EXISTS (SELECT 1 FROM $STORE b WHERE $MINE(b) AND b.eventData.errorCode IS NOT NULL AND b.eventData.userIdentity.principalId = a.eventData.userIdentity.principalId)",
        ),
        uids(samples.filter(({ event }) => denied.has(event.userIdentity.principalId))),
      );
    },
  },
  {
    clause: "query/combine/scalar-query",
    run: async (world) => {
      const place = await queried(world);
      sameRows(
        await ask(
          place,
          "SELECT eventData.UID, (SELECT count(*) FROM $STORE WHERE $MINE) AS n FROM $STORE WHERE $MINE AND eventTime = (SELECT max(eventTime) FROM $STORE WHERE $MINE)",
        ),
        [["uid-39", "40"]],
      );
      await comesToNothing(place, "a scalar query of many rows", `SELECT (${select}) AS v FROM $STORE WHERE $MINE`);
    },
  },
  {
    clause: "query/combine/query-in-from",
    run: async (world) => {
      const place = await queried(world);
      sameRows(
        await ask(
          place,
          "SELECT count(*) AS names, sum(n) AS events FROM (SELECT eventData.eventName AS name, count(*) AS n FROM $STORE WHERE $MINE GROUP BY 1) t",
        ),
        [["5", "40"]],
      );
    },
  },
  {
    clause: "query/combine/with",
    run: async (world) => {
      const place = await queried(world);
      const { samples } = place;
      sameRows(
        await ask(
          place,
          "WITH bad AS (SELECT eventID AS id, eventTime AS at FROM $STORE WHERE $MINE AND eventData.errorCode IS NOT NULL), late AS (SELECT id FROM bad ORDER BY at DESC LIMIT 3) SELECT e.eventData.UID FROM late JOIN $STORE e ON e.eventID = late.id ORDER BY 1",
        ),
        uids(errors(samples).slice(-3)),
      );
    },
  },
  {
    clause: "query/combine/unnest",
    run: async (world) => {
      const place = await queried(world);
      sameRows(
        await ask(
          place,
          "SELECT tag, count(*) AS n FROM $STORE CROSS JOIN UNNEST(CAST(json_parse(element_at(eventData.additionalEventData, 'tags')) AS array(varchar))) AS t(tag) WHERE $MINE GROUP BY tag ORDER BY tag",
        ),
        (["cli", "sso", "web"] as const).map((tag) => [
          tag,
          String(
            place.samples.filter(({ event }) => JSON.stringify(event.additionalEventData?.["tags"] ?? []).includes(tag))
              .length,
          ),
        ]),
      );
    },
  },
];
