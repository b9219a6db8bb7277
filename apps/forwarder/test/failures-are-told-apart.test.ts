import { ChannelNotFound } from "@tributary/client";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { defaultBackOff, delayMs, seededRandom } from "../src/delivery/back-off.ts";
import { classifyFailure } from "../src/delivery/classify-failure.ts";
import { scriptedServer, refuse } from "./support/scripted-server.ts";
import { sendTo } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Status, error name on the wire, what it means. Spec 1.3 and 8. */
const answers = [
  [400, "InvalidChannelARN", "stop"],
  [400, "ChannelNotFound", "stop"],
  [400, "ChannelInsufficientPermission", "stop"],
  [400, "ChannelUnsupportedSchema", "stop"],
  [400, "UnsupportedOperationException", "stop"],
  [400, "DuplicatedAuditEventId", "split"],
  [400, "ValidationException", "split"],
  [400, "SerializationException", "split"],
  [400, "SomethingNew", "split"],
  [413, "RequestEntityTooLargeException", "split"],
  [413, "", "split"],
  [403, "AccessDeniedException", "stop"],
  [403, "UnrecognizedClientException", "stop"],
  [403, "InvalidSignatureException", "stop"],
  [403, "MissingAuthenticationTokenException", "stop"],
  [403, "IncompleteSignatureException", "stop"],
  [403, "ExpiredTokenException", "retry"],
  [400, "RequestExpired", "retry"],
  [400, "ThrottlingException", "retry"],
  [429, "ThrottlingException", "retry"],
  [429, "", "retry"],
  [408, "", "retry"],
  [500, "InternalFailure", "retry"],
  [502, "", "retry"],
  [503, "ServiceUnavailable", "retry"],
  [504, "", "retry"],
  [301, "", "stop"],
  [404, "", "stop"],
  [405, "", "stop"],
  [407, "", "stop"],
] as const;

const request = {
  channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/x",
  auditEvents: [{ id: "a", eventData: "{}", eventDataChecksum: "x" }],
};

test("each status and name a server answers means retry, split or stop", async () => {
  const server = await scriptedServer();
  const sender = await sendTo(server.endpoint);
  for (const [status, name, action] of answers) {
    server.script = (_request, response) =>
      name === "" ? void response.writeHead(status).end("<html>") : refuse(response, status, name, "a reason");
    const error: unknown = await sender.send(request).catch((problem: unknown) => problem);
    const failure = classifyFailure(error, 0);
    expect({ status, name, ...failure }).toMatchObject({
      status,
      name,
      action,
      code: name === "" ? `HTTP${status}` : name,
    });
    expect(failure.message).not.toBe("");
  }
  sender.close();
  await server.close();
});

test("no server, no name, no answer: retry, with a code that says which", async () => {
  for (const [endpoint, code] of [
    ["http://127.0.0.1:1", /^ECONNREFUSED$/],
    ["http://nothing.invalid", /^(ENOTFOUND|EAI_AGAIN)$/],
  ] as const) {
    const sender = await sendTo(endpoint);
    const failure = classifyFailure(await sender.send(request).catch((problem: unknown) => problem), 0);
    expect(failure).toMatchObject({
      action: "retry",
      code: expect.stringMatching(code),
    });
    sender.close();
  }
});

test("anything can be thrown: it is classified, never thrown on", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (thrown) => {
      expect(["retry", "split", "stop"]).toContain(classifyFailure(thrown, 0).action);
    }),
  );
  const known = new ChannelNotFound({
    name: "ChannelNotFound",
    message: "",
    $fault: "client",
    $metadata: { httpStatusCode: 400 },
  });
  expect(classifyFailure(known, 0)).toMatchObject({ action: "stop", message: "ChannelNotFound" });
});

test("Retry-After is read as seconds and as a date", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const told = (value: string) =>
    classifyFailure(
      { name: "Slow", $metadata: { httpStatusCode: 503 }, $response: { headers: { "retry-after": value } } },
      now,
    ).retryAfterMs;
  expect(told("7")).toBe(7000);
  expect(told("Thu, 01 Jan 2026 00:00:09 GMT")).toBe(9000);
  expect(told("soon")).toBe(undefined);
});

test("full jitter: from nothing to a bound that doubles to its cap, never below what was asked for", () => {
  const { baseMs, capMs, giveUpAfterMs } = defaultBackOff;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat({ max: 1_000_000 }), (attempt, seed, asked) => {
      const random = seededRandom(seed);
      const bound = Math.min(capMs, baseMs * 2 ** (attempt - 1));
      const delay = delayMs(defaultBackOff, attempt, random, asked);
      expect(delay).toBeGreaterThanOrEqual(Math.min(asked, giveUpAfterMs));
      expect(delay).toBeLessThanOrEqual(Math.min(asked, giveUpAfterMs) + bound);
    }),
  );
  expect(delayMs(defaultBackOff, 3, () => 0)).toBe(0);
  expect(delayMs(defaultBackOff, 3, () => 0.5)).toBe(400);
  const [a, b] = [seededRandom(5), seededRandom(5)];
  expect(Array.from({ length: 9 }, a)).toEqual(Array.from({ length: 9 }, b));
});

test("a refusal for a wrong clock is tried again with the server's time, and then delivered", async () => {
  const server = await scriptedServer();
  const sender = await sendTo(server.endpoint);
  const anHourAhead = new Date(Date.now() + 3_600_000);
  server.script = (_request, response) => {
    response.setHeader("date", anHourAhead.toUTCString());
    refuse(response, 403, "InvalidSignatureException", "Signature expired");
  };
  const error: unknown = await sender.send(request).catch((problem: unknown) => problem);
  expect(classifyFailure(error, 0).action).toBe("retry");
  let signedAt = "";
  server.script = (received, response) => {
    signedAt = String(received.headers["x-amz-date"]);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ successful: [{ id: "a", eventID: "e" }], failed: [] }));
  };
  expect((await sender.send(request)).successful).toEqual([{ id: "a", eventID: "e" }]);
  const signed = signedAt.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  expect(Math.abs(Date.parse(signed) - anHourAhead.getTime())).toBeLessThan(600_000);
});
