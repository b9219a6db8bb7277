import { DuckDBInstance } from "@duckdb/node-api";
import { join } from "node:path";
import { accountId, BenchLake, type StoreAndChannel } from "./bench-lake.ts";
import { type Filled, fillStore } from "./fill-store.ts";
import type { EventSeries } from "./synthetic-event.ts";

/** A stopped lake with a store of `rows` events over ten days, and a second one of a tenth as many. */
export interface FilledLake {
  readonly lake: BenchLake;
  readonly series: EventSeries;
  readonly first: StoreAndChannel & { readonly rows: number; readonly filled: Filled };
  readonly second: StoreAndChannel & { readonly rows: number; readonly filled: Filled };
}

export async function openFilledLake(rows: number): Promise<FilledLake> {
  const lake = new BenchLake();
  await lake.start();
  const stores = [await lake.newStore("first"), await lake.newStore("second")] as const;
  await lake.stop();
  const days = 10;
  const startSeconds = Math.floor(Date.now() / 86_400_000 - days - 1) * 86_400;
  const series: EventSeries = { accountId, startSeconds, perSecond: rows / (days * 86_400) };
  const fill = async (store: StoreAndChannel, count: number) => ({
    ...store,
    rows: count,
    filled: await fillStore(lake.folder, store, series, 0, count),
  });
  return { lake, series, first: await fill(stores[0], rows), second: await fill(stores[1], Math.floor(rows / 10)) };
}

export function tableFiles(lake: BenchLake, { files }: Filled): readonly string[] {
  return files.map(({ path }) => join(lake.folder, "objects", path));
}

/** Compressed bytes of the columns of table files: the original text, the typed columns of eventdata, and the others. */
export async function columnBytes(files: readonly string[]): Promise<{ text: number; typed: number; others: number }> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const list = files.map((file) => `'${file}'`).join(", ");
  const reader = await connection.runAndReadAll(
    `SELECT CASE WHEN path_in_schema = 'eventdata_text' THEN 'text' WHEN path_in_schema LIKE 'eventdata,%' THEN 'typed' ELSE 'others' END AS part,
       sum(total_compressed_size) AS bytes FROM parquet_metadata([${list}]) GROUP BY 1`,
  );
  const parts = Object.fromEntries(reader.getRowObjects().map(({ part, bytes }) => [String(part), Number(bytes)]));
  connection.closeSync();
  return { text: parts["text"] ?? 0, typed: parts["typed"] ?? 0, others: parts["others"] ?? 0 };
}
