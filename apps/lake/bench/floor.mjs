// The bare floor of PutAuditEvents: what any server must do for a durable answer, and nothing else. node:http, parse the body
// and every eventData, hash body and eventData, HMAC the signature's key chain's last step, commit in groups to SQLite (WAL,
// synchronous=FULL, one zstd blob a commit). No validation, no policy, no ids, no routing. At most 100 lines.
import { createServer } from "node:http";
import { createHmac, hash, randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { zstdCompressSync, constants } from "node:zlib";
import { join } from "node:path";

if (isMainThread) {
  const writer = new Worker(new URL(import.meta.url), { workerData: join(process.argv[2], "floor.sqlite") });
  let waiting = [];
  let busy = false;
  const key = randomBytes(32);
  const flush = () => {
    if (busy || waiting.length === 0) return;
    busy = true;
    const group = waiting;
    waiting = [];
    writer.once("message", () => {
      busy = false;
      for (const one of group) one.answer();
      flush();
    });
    writer.postMessage(group.map((one) => one.lines).join(""));
  };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      createHmac("sha256", key)
        .update(hash("sha256", bytes, "hex"))
        .digest("hex");
      const { auditEvents } = JSON.parse(bytes.toString("utf8"));
      let lines = "";
      const successful = auditEvents.map((entry) => {
        const event = JSON.parse(entry.eventData);
        if (hash("sha256", entry.eventData, "base64") !== entry.eventDataChecksum) throw new Error("checksum");
        lines += `${JSON.stringify({ t: event.eventTime, d: entry.eventData })}\n`;
        return { id: entry.id, eventID: entry.id };
      });
      waiting.push({
        lines,
        answer: () => {
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify({ successful, failed: [] }));
        },
      });
      flush();
    });
  });
  server.listen(0, "127.0.0.1", () =>
    console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })),
  );
  process.on("SIGTERM", () => process.exit(0));
} else {
  const database = new DatabaseSync(workerData);
  database.exec(
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS journal(pos INTEGER PRIMARY KEY, bytes BLOB)",
  );
  const insert = database.prepare("INSERT INTO journal(bytes) VALUES (?)");
  parentPort.on("message", (lines) => {
    insert.run(zstdCompressSync(lines, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }));
    parentPort.postMessage("committed");
  });
}
