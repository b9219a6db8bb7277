// Takes every PutAuditEvents request: parses its body and answers that all of it was ingested. GET /taken tells what came since
// the last GET, and forgets it. Usage: node sink.mjs [refuse | FILE]; `refuse` answers that the channel's policy refuses, FILE
// gets a line for each event.
import { openSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const [mode] = process.argv.slice(2);
const file = mode === undefined || mode === "refuse" ? undefined : openSync(mode, "w");
let taken = { requests: 0, events: 0, characters: 0 };

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    if (request.url === "/taken") {
      response.end(JSON.stringify(taken));
      taken = { requests: 0, events: 0, characters: 0 };
      return;
    }
    if (mode === "refuse") {
      response.writeHead(403, { "x-amzn-errortype": "ChannelInsufficientPermission" });
      response.end('{"message":"The policy refuses."}');
      return;
    }
    const { auditEvents } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    taken.requests++;
    taken.events += auditEvents.length;
    for (const { eventData } of auditEvents) taken.characters += eventData.length;
    if (file !== undefined)
      writeSync(file, auditEvents.map(({ id, eventData }) => `${JSON.stringify({ id, eventData })}\n`).join(""));
    const successful = auditEvents.map(({ id }) => ({ id, eventID: "00000000-0000-8000-8000-000000000000" }));
    response.end(JSON.stringify({ successful, failed: [] }));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
