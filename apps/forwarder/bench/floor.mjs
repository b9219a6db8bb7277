// The floor of `throughput`: reads the events that the forwarder sends, parses them, hashes them, and sends the same bytes, 16
// requests at a time. No state, no signature, no reading of answers: what is lost is lost. Usage: node floor.mjs URL FILE
import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";

const [url, file] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const open = new Set();

function send(entries) {
  const body = Buffer.from(`{"auditEvents":[${entries.join(",")}]}`);
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/PutAuditEvents?channelArn=floor`, {
      method: "POST",
      agent,
      headers: { "content-type": "application/json", "content-length": body.length },
    });
    sent.on("error", reject);
    sent.on("response", (response) => response.resume().on("end", resolve));
    sent.end(body);
  });
}

async function post(entries) {
  if (open.size >= 16) await Promise.race(open);
  const sending = send(entries).finally(() => open.delete(sending));
  open.add(sending);
}

let entries = [];
for await (const line of createInterface({ input: createReadStream(file, { highWaterMark: 262_144 }) })) {
  const { id, eventData } = JSON.parse(line);
  JSON.parse(eventData);
  const checksum = hash("sha256", eventData, "base64");
  entries.push(`{"id":"${id}","eventData":${JSON.stringify(eventData)},"eventDataChecksum":"${checksum}"}`);
  if (entries.length < 100) continue;
  await post(entries);
  entries = [];
}
if (entries.length > 0) await post(entries);
await Promise.all(open);
agent.destroy();
