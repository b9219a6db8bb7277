import { mapFrame } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { crowdstrike } from "../src/index.ts";

const audit = (AuditKeyValues: unknown, place: (event: object) => object) =>
  JSON.stringify(
    place({ UserId: "carla.mendes@example.com", OperationName: "CreateAPIClient", Success: true, AuditKeyValues }),
  );
const streamed = (event: object) => ({
  metadata: {
    customerIDString: "a1b2",
    offset: 1,
    eventType: "AuthActivityAuditEvent",
    eventCreationTime: 1768467600512,
  },
  event,
});
const replicated = (event: object) => ({
  ExternalApiType: "Event_AuthActivityAuditEvent",
  timestamp: "1768467600512",
  ...event,
});
const polled = (event: object) => ({ feed: "0", line: streamed(event) });
const map = (line: string) => {
  const [result] = mapFrame(crowdstrike, "ndjson", Buffer.from(line), {
    origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
    accountId: "111122223333",
  });
  return result?.kind === "event" ? result.eventData : JSON.stringify(result);
};

const secret = { Key: "client_secret", ValueString: "not-a-real-secret" };

test.each([
  ["in a stream line", [{ Key: "name", ValueString: "reporting" }, secret], streamed],
  ["in a replicated record", [secret], replicated],
  ["in a line of the poller", [secret], polled],
  ["whatever the spelling of the key", [{ ...secret, Key: "Client-Secret" }], streamed],
  ["in a list that holds other things too", [secret, "odd", { Key: "password" }, null], streamed],
  ["in a list of values", [{ ...secret, ValueString: ["not-a-real-secret"] }], streamed],
  ["in a pair that holds more", [{ ...secret, More: 1 }], streamed],
])("the value of an audit key that names a secret is masked %s", (_where, list, place) => {
  const eventData = map(audit(list, place));
  expect(eventData).not.toContain("not-a-real-secret");
  expect(eventData).toContain("***");
});

test("other audit keys are not masked", () => {
  expect(map(audit([{ Key: "secret_count", ValueString: "two" }], streamed))).toContain('"secret_count":"two"');
});
