import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CloudTrailDataClient, PutAuditEventsCommand, putAuditEventsBody } from "../src/index.ts";
import { ok, scriptedServer } from "./scripted-server.ts";

const event = fc.record(
  { id: fc.string({ minLength: 1 }), eventData: fc.string({ unit: "binary" }), eventDataChecksum: fc.string() },
  { requiredKeys: ["id", "eventData"] },
);

test("putAuditEventsBody is JSON.stringify({ auditEvents }) and loses nothing, lone surrogates included", () => {
  fc.assert(
    fc.property(fc.array(event), (auditEvents) => {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(putAuditEventsBody(auditEvents));
      expect(text).toBe(JSON.stringify({ auditEvents }));
      expect(JSON.parse(text)).toEqual({ auditEvents });
    }),
  );
});

test("exactly these bytes are sent", async () => {
  await using server = await scriptedServer(ok());
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-real-secret" };
  const client = new CloudTrailDataClient({ region: "us-east-1", endpoint: server.endpoint, credentials });
  const sent: Uint8Array[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 5 }), async (auditEvents) => {
      await client.send(new PutAuditEventsCommand({ channelArn: "x", auditEvents }));
      sent.push(putAuditEventsBody(auditEvents));
    }),
    { numRuns: 30 },
  );
  client.destroy();
  expect(server.requests.map(({ body }) => body.toString("latin1"))).toEqual(
    sent.map((body) => Buffer.from(body).toString("latin1")),
  );
});

test("a body that was made before is sent as it is, and signed", async () => {
  await using server = await scriptedServer(ok());
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-real-secret" };
  const client = new CloudTrailDataClient({ region: "us-east-1", endpoint: server.endpoint, credentials });
  const auditEvents = [{ id: "a", eventData: '{"é":1}' }];
  const body = Buffer.from(' {"auditEvents":[{"id":"a","eventData":"{\\"é\\":1}"}]}');
  await client.send(new PutAuditEventsCommand({ channelArn: "x", auditEvents }, body));
  client.destroy();
  expect(server.requests.map((request) => request.body.toString("utf8"))).toEqual([body.toString("utf8")]);
});
