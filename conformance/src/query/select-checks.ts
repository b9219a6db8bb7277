import type { Check } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask } from "./ask.ts";
import { sameRows, type Wanted } from "./cells.ts";
import { byBytes } from "./conditions.ts";
import { findsEach } from "./finds.ts";
import { queried, type Stored } from "./query-world.ts";
import { haveValues } from "./vectors.ts";

const uids = (samples: readonly Stored[]): readonly Wanted[] => samples.map(({ event }) => [event.UID]);

const isThere = (code: string | undefined): boolean => code !== undefined;

/** SQL-2023: SELECT over one store. */
export const selectChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/select/null-is-neither",
    run: async (world) => {
      const place = await queried(world);
      await findsEach(place, [
        ["eventData.errorCode = 'AccessDenied'", ({ event }) => event.errorCode === "AccessDenied"],
        ["eventData.errorCode <> 'AccessDenied'", ({ event }) => event.errorCode === "Throttled"],
        ["NOT (eventData.errorCode = 'AccessDenied')", ({ event }) => event.errorCode === "Throttled"],
        ["eventData.errorCode NOT IN ('AccessDenied')", ({ event }) => event.errorCode === "Throttled"],
        ["eventData.errorCode NOT IN ('AccessDenied', NULL)", () => false],
        ["eventData.errorCode = NULL", () => false],
        [
          "(eventData.errorCode = 'Throttled' OR eventData.userAgent IS NULL)",
          ({ event }) => event.errorCode === "Throttled" || event.userAgent === undefined,
        ],
      ]);
    },
  },
  {
    clause: "query/select/texts-by-case",
    run: async (world) => {
      const place = await queried(world);
      await findsEach(place, [
        ["eventData.eventName = 'file.read'", () => false],
        ["eventData.eventName = 'FILE.READ'", ({ event }) => event.eventName === "FILE.READ"],
        ["eventData.eventName > 'a'", ({ event }) => event.eventName > "a"],
        ["eventData.eventName LIKE 'file%'", ({ event }) => event.eventName.startsWith("file")],
      ]);
    },
  },
  {
    clause: "query/select/like",
    run: async (world) => {
      const place = await queried(world);
      await findsEach(place, [
        ["eventData.eventName LIKE 'file_read'", ({ event }) => /^file.read$/.test(event.eventName)],
        ["eventData.eventName LIKE 'file!_read' ESCAPE '!'", ({ event }) => event.eventName === "file_read"],
        ["eventData.eventName LIKE '%.%'", ({ event }) => event.eventName.includes(".")],
        ["eventData.eventName NOT LIKE '%e%'", ({ event }) => !event.eventName.includes("e")],
        ["eventData.errorMessage LIKE '%\"refused\"%'", ({ event }) => event.errorMessage !== undefined],
      ]);
    },
  },
  {
    clause: "query/select/texts-with-quotes",
    run: async (world) => {
      const place = await queried(world);
      await findsEach(place, [
        ["eventData.errorMessage LIKE 'it''s %'", ({ event }) => event.errorMessage !== undefined],
      ]);
      await haveValues(place, [
        ["'it''s'", "it's"],
        ["'\"'", '"'],
        ["'a\\b'", "a\\b"],
        ["'--'", "--"],
        ["'/* */'", "/* */"],
        ["'00000000-0000-4000-8000-00000000dead'", "00000000-0000-4000-8000-00000000dead"],
      ]);
    },
  },
  {
    clause: "query/select/comments-and-words-in-any-case",
    run: async (world) => {
      const place = await queried(world);
      const statement = `-- SELECT from 00000000-0000-4000-8000-00000000dead\nselect /* one; */ eventData.UID\nFrom $STORE -- ' "\nwHeRe $MINE and eventData.UID = 'uid-01' /* the end */`;
      sameRows(await ask(place, statement), [["uid-01"]]);
    },
  },
  {
    clause: "query/select/order-by",
    run: async (world) => {
      const place = await queried(world);
      const sorted = place.samples.toSorted((a, b) => byBytes(a.event.eventName, b.event.eventName) || b.n - a.n);
      for (const keys of ["eventData.eventName, eventTime DESC", "name ASC, eventTime DESC", "2, eventTime DESC"])
        sameRows(
          await ask(
            place,
            `SELECT eventData.UID, eventData.eventName AS name FROM $STORE WHERE $MINE ORDER BY ${keys}`,
          ),
          sorted.map(({ event }) => [event.UID, event.eventName]),
        );
    },
  },
  {
    clause: "query/select/texts-sort-by-code-points",
    run: async (world) => {
      const place = await queried(world);
      const names = [...new Set(place.samples.map(({ event }) => event.userIdentity.principalId))].toSorted(byBytes);
      sameRows(
        await ask(
          place,
          "SELECT DISTINCT eventData.userIdentity.principalId AS who FROM $STORE WHERE $MINE ORDER BY who",
        ),
        names.map((name) => [name]),
      );
    },
  },
  {
    clause: "query/select/null-sorts-last",
    run: async (world) => {
      const place = await queried(world);
      for (const [order, sign, nulls] of [
        ["ASC", 1, 1],
        ["DESC", -1, 1],
        ["DESC NULLS FIRST", -1, -1],
      ] as const) {
        const sorted = place.samples.toSorted(({ n, event: { errorCode: a } }, { n: m, event: { errorCode: b } }) =>
          isThere(a) && isThere(b)
            ? byBytes(a ?? "", b ?? "") * sign || n - m
            : (Number(isThere(b)) - Number(isThere(a))) * nulls || n - m,
        );
        sameRows(
          await ask(
            place,
            `SELECT eventData.UID, eventData.errorCode FROM $STORE WHERE $MINE ORDER BY eventData.errorCode ${order}, eventTime`,
          ),
          sorted.map(({ event }) => [event.UID, event.errorCode ?? null]),
        );
      }
    },
  },
  {
    clause: "query/select/limit",
    run: async (world) => {
      const place = await queried(world);
      for (const limit of [1, 3])
        sameRows(
          await ask(place, `SELECT eventData.UID FROM $STORE WHERE $MINE ORDER BY eventTime LIMIT ${limit}`),
          uids(place.samples.slice(0, limit)),
        );
    },
  },
  {
    clause: "query/select/windows",
    run: async (world) => {
      const place = await queried(world);
      const seen = new Map<string, number>();
      const wanted = place.samples.map(({ event }): Wanted => {
        const nth = (seen.get(event.eventName) ?? 0) + 1;
        seen.set(event.eventName, nth);
        return [event.UID, String(nth)];
      });
      sameRows(
        await ask(
          place,
          "SELECT eventData.UID, row_number() OVER (PARTITION BY eventData.eventName ORDER BY eventTime) AS nth FROM $STORE WHERE $MINE ORDER BY eventTime",
        ),
        wanted,
      );
    },
  },
];
