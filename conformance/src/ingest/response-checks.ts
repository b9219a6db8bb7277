import { constantFrom, integer, record, stringMatching, uniqueArray } from "fast-check";
import type { Check } from "../core/check.ts";
import { isMembers } from "../core/members.ts";
import { expects, shown } from "../core/unmet.ts";
import { succeeded } from "../wire/answer.ts";
import type { Entry } from "../wire/wire.ts";
import { ends, entry, event, type IngestWorld, many, put } from "./ingest-world.ts";

/** Spec 1.2: what is answered about each entry. */
export const responseChecks: readonly Check<IngestWorld>[] = [
  {
    clause: "ingest/response/both-lists-always",
    run: async (world) => {
      const good = succeeded(await put(world, [entry(world, "good")]));
      const bad = succeeded(await put(world, [{ id: "bad", eventData: "no JSON" }]));
      for (const answer of [good, bad])
        for (const list of ["successful", "failed"])
          expects(Array.isArray(answer[list]), `a list ${list}, an empty one too`, answer);
    },
  },
  {
    clause: "ingest/response/200-also-when-all-fail",
    run: async (world) => {
      const found = ends(
        await put(world, [
          { id: "a", eventData: "no JSON" },
          { id: "b", eventData: "{}" },
        ]),
      );
      expects(
        found.get("a") !== undefined && found.get("b") !== undefined,
        "both entries in failed",
        shown([...found]),
      );
    },
  },
  {
    clause: "ingest/response/successful-entry-has-id-and-event-id",
    run: async (world) => {
      const answer = await put(world, many(world, 3));
      const { successful } = succeeded(answer);
      expects(Array.isArray(successful) && successful.length === 3, "three entries in successful", answer.text);
      for (const one of successful as readonly unknown[]) {
        expects(isMembers(one) && typeof one["id"] === "string", "the id that was sent", one);
        const eventId = one["eventID"];
        expects(
          typeof eventId === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(eventId),
          "an eventID that is a lower-case UUID of 36 characters",
          one,
        );
      }
      const ids = new Set((successful as readonly { readonly eventID: string }[]).map((one) => one.eventID));
      expects(ids.size === 3, "three different eventIDs", answer.text);
    },
  },
  {
    clause: "ingest/response/failed-entry-has-id-code-and-message",
    run: async (world) => {
      const answer = await put(world, [
        { id: "long", eventData: JSON.stringify(event(world, { version: "x".repeat(5000) })) },
        { id: "text", eventData: "x".repeat(5000) },
        { id: "empty", eventData: "{}" },
      ]);
      const { failed } = succeeded(answer);
      expects(Array.isArray(failed) && failed.length === 3, "three entries in failed", answer.text);
      for (const one of failed as readonly unknown[]) {
        expects(isMembers(one) && ["long", "text", "empty"].includes(String(one["id"])), "the id that was sent", one);
        expects(documented.has(String(one["errorCode"])), `an errorCode of ${[...documented].join(", ")}`, one);
        const message = one["errorMessage"];
        const fits = typeof message === "string" && /^[^]{1,1024}$/u.test(message);
        expects(fits, "an errorMessage of 1 to 1024 characters", one);
      }
    },
  },
  {
    clause: "ingest/response/every-id-once",
    run: async (world, { property }) =>
      property(mixture, async (kinds, witness) => {
        const answer = await put(world, mixed(world, kinds));
        const found = [...listed(answer, "successful"), ...listed(answer, "failed")].toSorted();
        witness();
        const sent = kinds.map(({ id }) => id).toSorted();
        expects(
          shownList(found) === shownList(sent),
          `each of ${shownList(sent)} in one of the lists, once`,
          shownList(found),
        );
        for (const { id, good } of kinds)
          expects(
            listed(answer, good ? "successful" : "failed").includes(id),
            `${id} in ${good ? "successful" : "failed"}`,
            answer.text,
          );
      }),
  },
  {
    clause: "ingest/response/lists-in-order-of-the-request",
    run: async (world, { property }) =>
      property(mixture, async (kinds, witness) => {
        const answer = await put(world, mixed(world, kinds));
        for (const [list, good] of [
          ["successful", true],
          ["failed", false],
        ] as const) {
          const sent = kinds.filter((one) => one.good === good).map(({ id }) => id);
          if (sent.length > 1) witness();
          expects(
            shownList(listed(answer, list)) === shownList(sent),
            `${list} in the order ${shownList(sent)}`,
            answer.text,
          );
        }
      }),
  },
  {
    clause: "ingest/response/one-bad-event-fails-alone",
    run: async (world, { property }) =>
      property(
        record({
          size: integer({ min: 2, max: 100 }),
          at: integer({ min: 0, max: 99 }),
          bad: constantFrom(...badData),
        }),
        async ({ size, at, bad }, witness) => {
          witness();
          const place = at % size;
          const entries = many(world, size).map((one, index) => (index === place ? { ...one, eventData: bad } : one));
          const found = ends(await put(world, entries));
          const failed = [...found].filter(([, code]) => code !== undefined).map(([id]) => id);
          expects(
            found.size === size && shownList(failed) === `event-${place}`,
            `event-${place} alone in failed`,
            shownList(failed),
          );
        },
      ),
  },
];

const documented = new Set([
  "FieldTooLong",
  "FieldNotFound",
  "InvalidChecksum",
  "InvalidData",
  "InvalidRecipient",
  "InvalidEventSource",
  "AccountNotSubscribed",
  "Throttling",
  "InternalFailure",
]);

const badData = ["", "no JSON", "{}", "[]", "null"] as const;

const mixture = uniqueArray(record({ id: stringMatching(/^[-_A-Za-z0-9]{1,12}$/), good: constantFrom(true, false) }), {
  minLength: 1,
  maxLength: 30,
  selector: ({ id }) => id,
});

function mixed(
  world: IngestWorld,
  kinds: readonly { readonly id: string; readonly good: boolean }[],
): readonly Entry[] {
  return kinds.map(({ id, good }) => (good ? entry(world, id) : { id, eventData: "no JSON" }));
}

function listed(answer: Parameters<typeof ends>[0], list: "successful" | "failed"): readonly string[] {
  const entries = succeeded(answer)[list] ?? [];
  expects(Array.isArray(entries), `a list ${list}`, answer.text);
  return (entries as readonly unknown[]).map((one) => (isMembers(one) ? String(one["id"]) : shown(one)));
}

const shownList = (ids: readonly string[]): string => ids.join(" ");
