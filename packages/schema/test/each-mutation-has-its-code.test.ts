import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type CheckOptions, checkAuditEvent, eventDataChecksum } from "../src/index.ts";
import { type Draft, accountId, asSender, asServer, senderEvent } from "./arbitrary-event.ts";
import { type Mutation, mutations } from "./mutations.ts";

function mutated(mutation: Mutation, draft: Draft, base: CheckOptions): ReturnType<typeof checkAuditEvent> {
  const copy: Draft = { ...draft, userIdentity: { ...draft.userIdentity } };
  mutation.change?.(copy);
  const text = JSON.stringify(copy);
  const eventData = mutation.text ? mutation.text(text) : text;
  const good = eventDataChecksum(eventData);
  const eventDataChecksums = mutation.checksum ? mutation.checksum(good) : good;
  return checkAuditEvent({ eventData, eventDataChecksum: eventDataChecksums }, { ...base, ...mutation.options });
}

const strict: CheckOptions = { ...asServer, strict: true };

for (const mutation of mutations)
  test(`${mutation.name}: ${mutation.code}`, () => {
    const small = senderEvent.map((draft): Draft => ({ ...draft, eventName: "n" }));
    fc.assert(
      fc.property(small, (draft) => {
        const refusing =
          mutation.only === "sender"
            ? [asSender]
            : mutation.only === "strict"
              ? [asSender, strict]
              : [asServer, strict, asSender];
        const accepting =
          mutation.only === "sender" ? [asServer, strict] : mutation.only === "strict" ? [asServer] : [];
        for (const options of refusing) {
          const { problems, event } = mutated(mutation, draft, options);
          expect(problems.map(({ code, path }) => ({ code, path }))).toEqual([
            { code: mutation.code, path: mutation.path },
          ]);
          expect(problems[0]!.message.length).toBeGreaterThan(0);
          expect(problems[0]!.message.length).toBeLessThanOrEqual(1024);
          expect(event).toBeUndefined();
        }
        for (const options of accepting) expect(mutated(mutation, draft, options).problems).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

/** The paths refused in an event of that time. */
function refused(eventTime: string, maxFutureMs: number): string[] {
  const userIdentity = { type: "t", principalId: "p" };
  const rest = {
    version: "1",
    userIdentity,
    eventSource: "s",
    eventName: "n",
    UID: "u",
    recipientAccountId: accountId,
  };
  const eventData = JSON.stringify({ ...rest, eventTime });
  return checkAuditEvent({ eventData }, { ...asServer, maxFutureMs }).problems.map(({ path }) => path);
}

test("maxFutureMs moves the bound of eventTime, but never beyond the 32 bits of an eventID", () => {
  expect(refused("2026-11-22T12:00:00.999Z", 999)).toEqual([]);
  expect(refused("2026-11-22T12:00:00.999Z", 998)).toEqual(["/eventTime"]);
  expect(refused("2106-02-07T06:28:15Z", Number.MAX_SAFE_INTEGER)).toEqual([]);
  expect(refused("2106-02-07T06:28:16Z", Number.MAX_SAFE_INTEGER)).toEqual(["/eventTime"]);
});

test("several problems come in the spec's order", () => {
  const eventData = JSON.stringify({
    version: "v".repeat(257),
    userIdentity: { type: 1 },
    eventSource: "s",
    eventName: "n",
    eventTime: "now",
    recipientAccountId: "444455556666",
    extra: 1,
    sourceIPAddress: "none",
  });
  const { problems } = checkAuditEvent({ eventData, eventDataChecksum: "" }, { ...strict, eventSources: ["t"] });
  expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "InvalidChecksum ",
    "FieldNotFound /UID",
    "FieldNotFound /userIdentity/principalId",
    "InvalidData /userIdentity/type",
    "InvalidData /extra",
    "InvalidData /eventTime",
    "InvalidData /sourceIPAddress",
    "FieldTooLong /version",
    "InvalidRecipient /recipientAccountId",
    "InvalidEventSource /eventSource",
  ]);
});
