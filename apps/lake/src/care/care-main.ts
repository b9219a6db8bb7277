import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { openSqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import { openDuckDBShredder } from "../compactor/duckdb-shredder.ts";
import { killedByText } from "../compactor/killed-by-text.ts";
import { withoutDuplicateCheck } from "../compactor/without-duplicate-check.ts";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import { duckDBCheckpointWriter } from "../publish/duckdb-checkpoint-writer.ts";
import { openDataDirectory } from "../serve/data-directory.ts";
import type { CareArguments, CareReply, CareRequest } from "./care-message.ts";
import { Care } from "./care.ts";
import { sweepGrace } from "./sweep.ts";

// The process of compaction and care. It is a child of `serve`, and ends with it: whatever it was doing is safe to break off.
const {
  data,
  threads,
  memoryBytes,
  deaths,
  removedFileMs,
  hasty,
  keepDuplicates,
  killedByText: deadly,
}: CareArguments = JSON.parse(process.argv[2] ?? "{}");
const tell = (reply: CareReply): void => {
  if (process.connected) process.send?.(reply, undefined, undefined, () => undefined);
};
const stop = new AbortController();

// Ctrl-C reaches the whole group of processes; the parent decides when this one stops.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);
process.on("SIGTERM", () => stop.abort());
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);

const directory = openDataDirectory(data);
const catalog = await openSqliteCatalog({ file: directory.catalogFile, clock: systemClock });
const objects = await openDirectoryObjects({ directory: directory.objects });
const shredder = await openDuckDBShredder({ workDirectory: join(directory.path, "work"), threads, memoryBytes });
const faulty = keepDuplicates ? withoutDuplicateCheck(shredder) : shredder;
const care = new Care({
  catalog,
  objects,
  shredder: deadly === undefined ? faulty : killedByText(faulty, deadly),
  checkpoints: duckDBCheckpointWriter({ workDirectory: join(directory.path, "work") }),
  clock: systemClock,
  newId: randomUUID,
  // One server holds a data directory, and it has one care process: what a killed one left is this one's.
  holder: "care",
  deaths,
  sweepGrace: { ...sweepGrace, removedFileMs },
  ...(hasty && { pace: { sweepEveryMs: 0, lookEveryMs: 0, confirmMs: 0 } }),
  // Awaited: what this process may die of must be out of it before.
  begin: (work) =>
    new Promise((resolve) => {
      const begun: CareReply = { kind: "begin", work };
      if (process.connected && process.send !== undefined) process.send(begun, undefined, undefined, () => resolve());
      else resolve();
    }),
  end: (of) => tell({ kind: "end", of }),
  log: (entry) => tell({ kind: "log", entry }),
});

process.on("message", (request: CareRequest) => {
  if (request.kind === "close") stop.abort();
  else if (request.storeId !== undefined) care.hasten(request.storeId);
});
tell({ kind: "ready" });

await care.run(stop.signal);
await shredder.close();
await catalog.close();
process.exit(0);
