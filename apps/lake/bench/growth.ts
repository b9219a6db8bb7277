import { statSync } from "node:fs";
import { join } from "node:path";
import { accountId, BenchLake } from "./bench-lake.ts";
import { fillStore } from "./fill-store.ts";
import { markdownTable } from "./markdown-table.ts";
import { settle } from "./peer.ts";
import { querySuite } from "./query-suite.ts";
import { median } from "./spread.ts";
import type { EventSeries } from "./synthetic-event.ts";

const shown = ["count of all", "group by source and name", "one hour by name", "one event by its UID"];

/** One store that grows: what compaction takes, how many files there are, what a query takes, at each size (millions of events). */
export async function growth({
  steps,
  runs,
}: {
  readonly steps: readonly number[];
  readonly runs: number;
}): Promise<string> {
  const lake = new BenchLake();
  try {
    await lake.start();
    const store = await lake.newStore("growth");
    await lake.stop();
    // A million events a day.
    const days = Math.ceil(Math.max(...steps)) + 1;
    const startSeconds = Math.floor(Date.now() / 86_400_000 - days) * 86_400;
    const series: EventSeries = { accountId, startSeconds, perSecond: 1e6 / 86_400 };
    const table: (string | number)[][] = [
      [
        "events",
        "files",
        "bytes an event",
        "catalog, MB",
        "compaction, events/s",
        "merges, s",
        ...shown.map((name) => `${name}, ms`),
      ],
    ];
    let before = 0;
    for (const step of steps) {
      const rows = Math.round(step * 1e6);
      const { files, compactSeconds, mergeSeconds } = await fillStore(lake.folder, store, series, before, rows);
      const source = { ...store, rows, files: [""] };
      const suite = querySuite(source, source, series);
      await lake.start();
      const times: string[] = [];
      for (const name of shown) {
        const { lake: statement } = suite.find((query) => query.name === name)!;
        const each: number[] = [];
        for (let round = 0; round <= runs; round++) {
          await settle();
          const { ms, rows: answer } = await lake.query(statement);
          if (name === "count of all" && answer[0]?.[0] !== String(rows))
            throw new Error(`${rows} events were put, ${JSON.stringify(answer)} counted`);
          if (round > 0) each.push(ms);
        }
        times.push(median(each).toFixed(0));
      }
      await lake.stop();
      table.push([
        rows,
        files.length,
        Math.round(files.reduce((sum, file) => sum + file.bytes, 0) / rows),
        (statSync(join(lake.folder, "catalog.sqlite")).size / 1e6).toFixed(1),
        Math.round((rows - before) / compactSeconds),
        mergeSeconds.toFixed(1),
        ...times,
      ]);
      before = rows;
      process.stderr.write(`${JSON.stringify(table.at(-1))}\n`);
    }
    return `A million events a day; counts are right at every size.\n\n${markdownTable(table)}`;
  } finally {
    await lake.remove();
  }
}
