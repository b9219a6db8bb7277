import { compileStatement } from "../src/query/compile-statement.ts";
import { setupStatements } from "../src/engine/setup-statements.ts";
import { type FilledLake, tableFiles } from "./filled-lake.ts";
import { markdownTable } from "./markdown-table.ts";
import { runPeer, settle } from "./peer.ts";
import { querySuite } from "./query-suite.ts";
import { median, spreadText } from "./spread.ts";

/**
 * Queries through the lake (from StartQuery to the last row, over HTTP) against hand-written DuckDB SQL on the same files in a
 * process of the same kind; and, to tell the SQL from the way there, the lake's own SQL in that process.
 */
export async function queries(
  { lake, series, first, second }: FilledLake,
  { runs }: { readonly runs: number },
): Promise<string> {
  const sources = [first, second].map((one) => ({ ...one, files: tableFiles(lake, one.filled) }));
  const suite = querySuite(sources[0]!, sources[1]!, series);
  const tables = sources.map(({ storeId, files }) => ({ name: storeId, files, notBefore: 0 }));
  const head = ["query", "DuckDB, ms", "lake, ms", "lake / DuckDB", "lake's SQL alone / DuckDB"];
  const rows: string[][] = [head];
  const ratios: number[] = [];
  const total = { duckdb: 0, lake: 0 };
  await lake.start();
  try {
    for (const { name, lake: statement, duckdb } of suite) {
      const { sql, storeIds } = compileStatement(statement, () => true);
      const setup = setupStatements(tables.filter((table) => storeIds.includes(table.name)));
      const ways = {
        duckdb: () => runPeer(["SET TimeZone = 'UTC'", duckdb]),
        alone: () => runPeer([...setup, sql]),
        lake: async () => {
          await settle();
          return await lake.query(statement);
        },
      };
      const times: Record<keyof typeof ways, number[]> = { duckdb: [], alone: [], lake: [] };
      for (let round = 0; round <= runs; round++) {
        const order = ["duckdb", "lake", "alone"] as const;
        const results: string[] = [];
        for (const way of round % 2 === 0 ? order : order.toReversed()) {
          const result = await ways[way]();
          results.push(JSON.stringify(result.rows));
          // The first round warms the page cache.
          if (round > 0) times[way].push(result.ms);
        }
        if (new Set(results).size > 1)
          throw new Error(`${name}: not the same rows:\n${results.map((one) => one.slice(0, 300)).join("\n")}`);
      }
      const ratio = (way: "lake" | "alone"): number[] => times[way].map((ms, at) => ms / times.duckdb[at]!);
      ratios.push(median(ratio("lake")));
      total.duckdb += median(times.duckdb);
      total.lake += median(times.lake);
      rows.push([
        name,
        spreadText(times.duckdb),
        spreadText(times.lake),
        spreadText(ratio("lake"), 2),
        spreadText(ratio("alone"), 2),
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
  ]);
  return `${first.rows.toLocaleString("en")} events in ${first.filled.files.length} files, ${runs} rounds.\n\n${markdownTable(rows)}`;
}
