import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { duckDBMerge } from "../src/compactor/duckdb-merge.ts";
import { DuckDBSession } from "../src/compactor/duckdb-session.ts";
import { sortedRows } from "../src/compactor/sorted-rows.ts";
import { timeSegments } from "../src/compactor/time-segments.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-merge-order-"));
let session: DuckDBSession;
beforeAll(async () => {
  session = await DuckDBSession.open({
    spillDirectory: join(folder, "spill"),
    threads: 1,
    memoryBytes: 512 * 1024 ** 2,
  });
});
afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A sorted file with one event each `step` seconds; four have one second. */
async function write(name: string, from: number, to: number, step = 1, salt = name): Promise<string> {
  const path = join(folder, `${name}.parquet`);
  await session.run(
    `COPY (SELECT to_timestamp(n // 4) AS eventtime, md5(n || '${salt}') AS eventid, {'ingestiontime': '2026-03-01T00:00:00'} AS metadata,
       repeat(md5(n || 'text'), 20) AS eventdata_text FROM range(${from}, ${to}, ${step}) AS series (n) ORDER BY 1, 2)
     TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)`,
  );
  return path;
}

async function order(path: string): Promise<unknown> {
  const [found] = await session.rows(
    `SELECT count(*)::INTEGER AS rows, count(DISTINCT eventid)::INTEGER AS ids,
       count(*) FILTER (eventtime < before OR (eventtime = before AND eventid <= other))::INTEGER AS unsorted FROM
       (SELECT eventid, eventtime, lag(eventtime) OVER (ORDER BY file_row_number) AS before,
         lag(eventid) OVER (ORDER BY file_row_number) AS other FROM read_parquet('${path}', file_row_number = true))`,
  );
  return found;
}

/** Files one after the other that share a second, in any order of their names; `inside` and `twice` lie within one of them. */
const following = async (): Promise<string[]> => [
  await write("c", 40_002, 60_000),
  await write("a", 0, 20_002),
  await write("inside", 5000, 6000, 7),
  await write("b", 20_002, 40_002),
];

test("where files follow each other only the rows of the times they share are sorted", async () => {
  const sorted: number[] = [];
  const select = await sortedRows(session, {
    paths: await following(),
    count: 60_147,
    maxSorted: 30_000,
    spill: async (rows, n) => {
      const path = join(folder, `spilled-${n}.parquet`);
      sorted.push(await session.run(`COPY (${rows}) TO '${path}' (FORMAT parquet)`));
      return path;
    },
  });
  // The shorter part of `a`, beside what lies inside it, and three shared seconds.
  expect(sorted).toEqual([expect.any(Number), 4, 4]);
  expect(sorted[0]).toBeLessThan(7500);
  const file = join(folder, "all.parquet");
  await session.run(`COPY (${select}) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  expect(await order(file)).toEqual({ rows: 60_143, ids: 60_143, unsorted: 0 });
});

test("a merge of files that follow each other, and lie within each other, is sorted and loses none but copies", async () => {
  const paths = [...(await following()), await write("twice", 30_000, 30_100, 1, "b")];
  const resources = { directory: join(folder, "merge"), threads: 1, memoryBytes: 96 * 1024 ** 2 };
  const merged = await duckDBMerge(resources, paths);
  expect(merged).toMatchObject({ rows: 60_143, duplicates: 100 });
  expect(await order(join(folder, "merge", "merged.parquet"))).toEqual({ rows: 60_143, ids: 60_143, unsorted: 0 });
  await merged.close();
});

test("each event of each file is in exactly one stretch of time, and what is not sorted is of one file, once", () => {
  const range = fc
    .tuple(fc.integer({ min: -20, max: 40 }), fc.nat(20), fc.nat(5))
    .map(([first, more, mixed]) => ({ first, last: first + more, mixed: mixed === 0 }));
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 12 }), (ranges) => {
      const segments = timeSegments(ranges);
      for (const [file, { first, last }] of ranges.entries())
        for (let time = first; time <= last; time++) {
          const holding = segments.filter(({ from, until }) => time >= from && time < until);
          expect(holding).toHaveLength(1);
          expect(holding[0]!.files).toContain(file);
        }
      for (const [n, { from, until }] of segments.entries()) {
        expect(until).toBeGreaterThan(from);
        expect(from).toBeGreaterThanOrEqual(segments[n - 1]?.until ?? from);
      }
      const alone = segments.filter(({ mixed }) => !mixed).map(({ files }) => files);
      expect(alone.every((files) => files.length === 1 && !ranges[files[0]!]!.mixed)).toBe(true);
      expect(new Set(alone.flat()).size).toBe(alone.length);
    }),
  );
});
