import { existsSync } from "node:fs";
import { compileStatement } from "../src/query/compile-statement.ts";
import { setupStatements } from "../src/engine/setup-statements.ts";
import { type FilledLake, tableFiles } from "./filled-lake.ts";
import { markdownTable } from "./markdown-table.ts";
import { runPeer, settle } from "./peer.ts";
import { childrenOf, endedChildrenMs, threadsMs } from "./processor-time.ts";
import { querySuite } from "./query-suite.ts";
import { median, spreadText } from "./spread.ts";

/**
 * Queries through the lake (from StartQuery to the last row, over HTTP) against hand-written DuckDB SQL on the same files in a
 * process of the same kind; and, to tell the SQL from the way there, the lake's own SQL in that process. On Linux also the processor
 * time of the query's process against the peer's: where other work shares the machine that says more than the clock.
 */
export async function queries(
  { lake, series, first, second }: FilledLake,
  { runs }: { readonly runs: number },
): Promise<string> {
  const sources = [first, second].map((one) => ({ ...one, files: tableFiles(lake, one.filled) }));
  const suite = querySuite(sources[0]!, sources[1]!, series);
  const tables = sources.map(({ storeId, files }) => ({ name: storeId, files, notBefore: 0 }));
  const head = [
    "query",
    "DuckDB, ms",
    "lake, ms",
    "lake / DuckDB",
    "lake's SQL alone / DuckDB",
    "processor, lake / DuckDB",
  ];
  const rows: string[][] = [head];
  const ratios: number[] = [];
  const total = { duckdb: 0, lake: 0 };
  const processorTotal = { duckdb: 0, lake: 0 };
  await lake.start();
  try {
    for (const { name, lake: statement, duckdb } of suite) {
      const { sql, storeIds } = compileStatement(statement, () => true);
      const setup = setupStatements(tables.filter((table) => storeIds.includes(table.name)));
      const ways = {
        duckdb: () => runPeer(["SET TimeZone = 'UTC'", duckdb]),
        alone: () => runPeer([...setup, sql]),
        lake: () => runLake(lake, statement),
      };
      const processor = { duckdb: [] as number[], lake: [] as number[] };
      const times: Record<keyof typeof ways, number[]> = { duckdb: [], alone: [], lake: [] };
      for (let round = 0; round <= runs; round++) {
        const order = ["duckdb", "lake", "alone"] as const;
        const results: string[] = [];
        const used = { duckdb: 0, alone: 0, lake: 0 };
        for (const way of round % 2 === 0 ? order : order.toReversed()) {
          const result = await ways[way]();
          results.push(JSON.stringify(result.rows));
          used[way] = result.processorMs;
          // The first round warms the page cache.
          if (round > 0) times[way].push(result.ms);
        }
        if (round > 0) {
          processor.duckdb.push(used.duckdb);
          processor.lake.push(used.lake);
        }
        if (new Set(results).size > 1)
          throw new Error(`${name}: not the same rows:\n${results.map((one) => one.slice(0, 300)).join("\n")}`);
      }
      const ratio = (way: "lake" | "alone"): number[] => times[way].map((ms, at) => ms / times.duckdb[at]!);
      ratios.push(median(ratio("lake")));
      total.duckdb += median(times.duckdb);
      total.lake += median(times.lake);
      processorTotal.duckdb += median(processor.duckdb);
      processorTotal.lake += median(processor.lake);
      rows.push([
        name,
        spreadText(times.duckdb),
        spreadText(times.lake),
        spreadText(ratio("lake"), 2),
        spreadText(ratio("alone"), 2),
        spreadText(
          processor.lake.map((ms, at) => ms / processor.duckdb[at]!),
          2,
        ),
      ]);
    }
  } finally {
    await lake.stop();
  }
  rows.push([
    "**all of them**",
    `**${total.duckdb.toFixed(0)}**`,
    `**${total.lake.toFixed(0)}**`,
    `**${(total.lake / total.duckdb).toFixed(2)}** (median of the ratios ${median(ratios).toFixed(2)})`,
    "",
    `**${(processorTotal.lake / processorTotal.duckdb).toFixed(2)}**`,
  ]);
  return `${first.rows.toLocaleString("en")} events in ${first.filled.files.length} files, ${runs} rounds.\n\n${markdownTable(rows)}`;
}

/** A query when its process waits for it, and the processor time that this process took from then on. */
async function runLake(
  lake: FilledLake["lake"],
  statement: string,
): Promise<Awaited<ReturnType<typeof lake.query>> & { readonly processorMs: number }> {
  await settle();
  if (process.platform !== "linux") return { ...(await lake.query(statement)), processorMs: Number.NaN };
  const spare = await idleSpare(lake.pid);
  const before = endedChildrenMs(lake.pid) + threadsMs(spare);
  const result = await lake.query(statement);
  // Until the kernel has its account.
  while (existsSync(`/proc/${spare}`)) await settle();
  return { ...result, processorMs: endedChildrenMs(lake.pid) - before };
}

/** The process that waits for the next query, when it has come to rest. */
async function idleSpare(pid: number): Promise<number> {
  for (let before = -1; ;) {
    const [spare] = childrenOf(pid, "query-child");
    const now = spare === undefined ? -1 : threadsMs(spare);
    if (spare !== undefined && now === before) return spare;
    before = now;
    await settle();
  }
}
