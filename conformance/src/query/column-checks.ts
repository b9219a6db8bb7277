import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask } from "./ask.ts";
import { sameRows, sameRowsInAnyOrder } from "./cells.ts";
import { queried } from "./query-world.ts";
import type { SampleEvent } from "./sample-events.ts";
import { haveValues } from "./vectors.ts";

/** Members of an event that are columns of text. */
const texts: readonly (readonly [name: string, of: (event: SampleEvent) => string | undefined])[] = [
  ["version", ({ version }) => version],
  ["userIdentity.type", ({ userIdentity }) => userIdentity.type],
  ["userIdentity.principalId", ({ userIdentity }) => userIdentity.principalId],
  ["userAgent", ({ userAgent }) => userAgent],
  ["eventSource", ({ eventSource }) => eventSource],
  ["eventName", ({ eventName }) => eventName],
  ["eventTime", ({ eventTime }) => eventTime],
  ["UID", ({ UID }) => UID],
  ["errorCode", ({ errorCode }) => errorCode],
  ["errorMessage", ({ errorMessage }) => errorMessage],
  ["sourceIPAddress", ({ sourceIPAddress }) => sourceIPAddress],
  ["recipientAccountId", ({ recipientAccountId }) => recipientAccountId],
];

/** With every key; none of its values is NULL but those of errors. */
const one = "FROM $STORE WHERE $MINE AND eventData.UID = 'uid-00'";
/** Without details, additionalEventData, userAgent and address where its number says so. */
const bare = (uid: string) => `FROM $STORE WHERE $MINE AND eventData.UID = '${uid}'`;

/** Spec 1.8 and SQL-2023: the columns of an event data store, and what stands in them. */
export const columnChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/column/what-was-sent",
    run: async (world) => {
      const place = await queried(world);
      // The message of an error has a clause of its own: it is spelt wrongly in AWS's schema.
      const plain = texts.filter(([path]) => path !== "errorMessage");
      sameRowsInAnyOrder(
        await ask(
          place,
          `SELECT eventID, ${plain.map(([name]) => `eventData.${name}`).join(", ")} FROM $STORE WHERE $MINE`,
        ),
        place.samples.map(({ eventID, event }) => [eventID, ...plain.map(([, of]) => of(event) ?? null)]),
      );
    },
  },
  {
    clause: "query/column/error-message",
    run: async (world) => {
      const place = await queried(world);
      sameRowsInAnyOrder(
        await ask(place, "SELECT eventID, eventData.errorMessage FROM $STORE WHERE $MINE"),
        place.samples.map(({ eventID, event }) => [eventID, event.errorMessage ?? null]),
      );
    },
  },
  {
    clause: "query/column/errormssage",
    run: async (world) => {
      const place = await queried(world);
      sameRowsInAnyOrder(
        await ask(place, "SELECT eventID, eventData.errormssage FROM $STORE WHERE $MINE"),
        place.samples.map(({ eventID, event }) => [eventID, event.errorMessage ?? null]),
      );
    },
  },
  {
    clause: "query/column/event-id-is-the-answered-one",
    run: async (world) => {
      const place = await queried(world);
      sameRowsInAnyOrder(
        await ask(place, "SELECT eventData.UID, eventID FROM $STORE WHERE $MINE"),
        place.samples.map(({ event, eventID }) => [event.UID, eventID]),
      );
    },
  },
  {
    clause: "query/column/category-type-region-account",
    run: async (world) => {
      const place = await queried(world);
      sameRows(
        await ask(
          place,
          "SELECT DISTINCT eventCategory, eventType, awsRegion, recipientAccountId, metadata.channelArn, eventVersion IS NULL AS v FROM $STORE WHERE $MINE",
        ),
        [["ActivityAuditLog", "ActivityLog", world.wire.subject.region, world.accountId, world.channelArn, "false"]],
      );
    },
  },
  {
    clause: "query/column/ingestion-time",
    run: async (world) => {
      const { rows, statement } = await ask(await queried(world), `SELECT metadata.ingestionTime ${one}`);
      const got = rows[0]?.[0]?.value ?? "";
      const ms = Date.parse(`${got.slice(0, 10)}T${got.slice(11, 19)}Z`);
      const near = Math.abs(ms - world.wire.subject.now()) < 3_600_000;
      expects(
        /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(got) && near,
        `the time of PutAuditEvents, yyyy-MM-ddTHH:mm:ss in UTC, of ${statement}`,
        got,
      );
    },
  },
  {
    clause: "query/column/every-column-is-there",
    run: async (world) => {
      const place = await queried(world);
      const names = [
        "eventVersion",
        "eventCategory",
        "eventType",
        "eventID",
        "eventTime",
        "awsRegion",
        "recipientAccountId",
        "addendum.reason",
        "addendum.updatedFields",
        "addendum.originalUID",
        "addendum.originalEventID",
        "metadata.ingestionTime",
        "metadata.channelARN",
        ...texts.filter(([name]) => name !== "errorMessage").map(([name]) => `eventData.${name}`),
        ...["userIdentity.details", "requestParameters", "responseElements", "additionalEventData"].map(
          (name) => `eventData.${name}`,
        ),
      ];
      const { rows, statement } = await ask(place, `SELECT ${names.join(", ")} ${one}`);
      expects(
        rows.length === 1 && rows[0]?.length === names.length,
        `1 row of ${names.length} columns, of ${statement}`,
        rows,
      );
    },
  },
  {
    clause: "query/column/star-has-the-columns-of-the-schema",
    run: async (world) => {
      const { rows, statement } = await ask(await queried(world), `SELECT * ${one}`);
      const names = (rows[0] ?? []).map(({ name }) => name.toLowerCase());
      const wanted = [
        "eventversion",
        "eventcategory",
        "eventtype",
        "eventid",
        "eventtime",
        "awsregion",
        "recipientaccountid",
        "addendum",
        "metadata",
        "eventdata",
      ];
      expects(names.join() === wanted.join(), `the columns ${wanted.join(", ")}, of ${statement}`, names.join(", "));
    },
  },
  {
    clause: "query/column/names-in-any-case",
    run: async (world) => {
      const place = await queried(world);
      const [sample] = place.samples;
      sameRows(
        await ask(
          place,
          "SELECT EVENTID, eventid, EventData.EventName, eventdata.USERIDENTITY.principalid FROM $STORE WHERE eventdata.eventsource = '" +
            place.tag +
            "' AND EVENTDATA.uid = 'uid-00'",
        ),
        [[sample!.eventID, sample!.eventID, sample!.event.eventName, sample!.event.userIdentity.principalId]],
      );
    },
  },
  {
    clause: "query/column/quoted-names",
    run: async (world) => {
      const place = await queried(world);
      sameRows(await ask(place, `SELECT "eventid" AS "the id", eventData."eventname" ${one}`), [
        [place.samples[0]!.eventID, "session.start"],
      ]);
    },
  },
  {
    clause: "query/column/by-alias-of-the-store",
    run: async (world) => {
      const place = await queried(world);
      for (const alias of ["e", "AS e"])
        sameRows(
          await ask(
            place,
            `SELECT e.eventID, e.eventData.userIdentity.principalId FROM $STORE ${alias} WHERE $MINE(e) AND e.eventData.UID = 'uid-00'`,
          ),
          [[place.samples[0]!.eventID, "ana"]],
        );
    },
  },
  {
    clause: "query/column/absent-is-null",
    run: async (world) => {
      const place = await queried(world);
      await haveValues(
        place,
        [
          ["eventData.userAgent IS NULL", "true"],
          ["eventData.errorCode IS NULL", "true"],
          ["coalesce(eventData.userAgent, 'none')", "none"],
        ],
        bare("uid-04"),
      );
      await haveValues(place, [["eventData.userIdentity.details IS NULL", "true"]], bare("uid-06"));
      await haveValues(
        place,
        [
          ["eventData.additionalEventData IS NULL", "true"],
          ["eventData.responseElements IS NOT NULL", "true"],
        ],
        bare("uid-10"),
      );
      await haveValues(
        place,
        [
          ["eventData.responseElements IS NULL", "true"],
          ["eventData.errorCode IS NULL", "false"],
          ["addendum IS NULL OR addendum.reason IS NULL", "true"],
        ],
        bare("uid-03"),
      );
    },
  },
];
