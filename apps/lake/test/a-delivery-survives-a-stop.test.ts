import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { DeliveryService } from "../src/delivery/delivery-service.ts";
import type { DeliveryTarget } from "../src/delivery/delivery-target.ts";
import { openDirectoryTarget } from "../src/delivery/directory-target.ts";
import { writeResultFiles } from "../src/delivery/result-files.ts";
import { type ResultRow, ResultStore } from "../src/query/result-store.ts";
import { memoryObjects } from "./memory-tables.ts";
import { parseCsv } from "./parse-csv.ts";

const accountId = "111122223333";
const root = mkdtempSync(join(tmpdir(), "tributary-stop-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function* all<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function collected(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const cell = fc.option(fc.string({ unit: fc.constantFrom("a", "ä", ",", '"', "\r", "\n", " ", "=") }), { nil: null });

test("whatever the rows are, the files hold them all, in order, each file with a header and its own hash", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }).chain((width) =>
        fc.tuple(
          fc.array(fc.string({ minLength: 1 }), { minLength: width, maxLength: width }),
          fc.array(fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }), {
            maxLength: 5,
          }),
        ),
      ),
      fc.integer({ min: 1, max: 60 }),
      async ([columns, pages], maxFileBytes) => {
        const stored = new Map<string, Buffer>();
        const files = await writeResultFiles(
          columns,
          all<readonly ResultRow[]>(pages),
          maxFileBytes,
          async (name, content) => {
            stored.set(name, await collected(content));
          },
        );
        expect(files.map(({ fileName }) => fileName)).toEqual(
          [...stored.keys()].map((_, at) => `result_${at + 1}.csv.gz`),
        );
        const records = files.map(({ fileName, fileHashValue }) => {
          const bytes = stored.get(fileName)!;
          expect(createHash("sha256").update(bytes).digest("hex")).toBe(fileHashValue);
          return parseCsv(gunzipSync(bytes).toString("utf8"));
        });
        expect(records.map(([header]) => header)).toEqual(files.map(() => columns));
        expect(records.flatMap(([, ...rows]) => rows)).toEqual(pages.flat());
      },
    ),
    { numRuns: 200 },
  );
});

test("a delivery that is stopped anywhere is finished by the next opening, with the same files", async () => {
  const objects = memoryObjects();
  const results = new ResultStore(objects);
  const rows = Array.from({ length: 12_000 }, (_, row) => [String(row)]);
  await results.write("q", ["n"], all([rows]));
  const catalog = await openSqliteCatalog({ file: ":memory:", clock: systemClock });
  const record = { accountId, callerArn: `arn:aws:iam::${accountId}:user/a`, statement: "SELECT 1", storeIds: [] };
  const faults: unknown[] = [];
  const services = (target: DeliveryTarget) => ({
    catalog,
    results,
    target,
    signer: { fingerprint: "f", sign: (text: string) => `signed ${text}` },
    region: "us-east-1",
    mayDeliver: () => Promise.resolve(true),
    log: (entry: unknown) => faults.push(entry),
  });
  const seen = new Set<string>();
  // Three files and the signature: a stop while each of them is written.
  for (let cut = 0; cut < 4; cut++) {
    const directory = join(root, String(cut));
    mkdirSync(join(directory, accountId, "results"), { recursive: true });
    const queryId = "q";
    await catalog.startQuery(
      {
        ...record,
        queryId,
        status: "QUEUED",
        createdAt: 1,
        deliveryS3Uri: "s3://results/x",
        deliveryStatus: "PENDING",
      },
      10,
    );
    await catalog.moveQuery(queryId, ["QUEUED"], {
      status: "FINISHED",
      finishedAt: Date.UTC(2026, 0, 2),
      resultRows: 12_000,
    });
    const target = await openDirectoryTarget(directory);
    let writes = 0;
    let stopped: Promise<void> | undefined;
    const stopping: DeliveryTarget = {
      ...target,
      write: (account, place, name, content, signal) =>
        target.write(
          account,
          place,
          name,
          (async function* () {
            const last = writes++ === cut;
            for await (const chunk of content) {
              yield chunk;
              if (!last) continue;
              stopped ??= service.close();
              throw new Error("the lake stops");
            }
          })(),
          signal,
        ),
    };
    const service: DeliveryService = new DeliveryService(services(stopping), { maxFileBytes: 20_000 });
    await expect.poll(() => stopped !== undefined).toBe(true);
    await stopped;
    expect((await catalog.getQuery(queryId))?.deliveryStatus).toBe("PENDING");

    const next = new DeliveryService(services(target), { maxFileBytes: 20_000 });
    await expect.poll(async () => (await catalog.getQuery(queryId))?.deliveryStatus).toBe("SUCCESS");
    await next.close();
    const path = join(
      directory,
      accountId,
      "results",
      "x",
      "AWSLogs",
      accountId,
      "CloudTrail-Lake",
      "Query",
      "2026",
      "01",
      "02",
      "q",
    );
    const names = readdirSync(path).toSorted();
    expect(names).toEqual(["result_1.csv.gz", "result_2.csv.gz", "result_3.csv.gz", "result_sign.json"]);
    const numbers = names.slice(0, 3).flatMap((name) => {
      expect(statSync(join(path, name)).mode & 0o007).toBe(0);
      return parseCsv(gunzipSync(readFileSync(join(path, name))).toString()).slice(1);
    });
    expect(numbers).toEqual(rows);
    seen.add(readFileSync(join(path, "result_sign.json"), "utf8"));
    await catalog.deleteQuery(queryId);
  }
  expect([...seen]).toHaveLength(1);
  expect(faults).toEqual([]);
  await catalog.close();
});
