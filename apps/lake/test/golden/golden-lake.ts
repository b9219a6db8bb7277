import { readFileSync } from "node:fs";
import type { Key } from "../test-lake.ts";

/** What is known of the packed lake. */
export interface GoldenLake {
  readonly formatVersion: number;
  /** Of the administrator. For tests alone: its secret is no secret. */
  readonly key: Key;
  readonly storeId: string;
  readonly channelArn: string;
  readonly statement: string;
  /** What the statement answers when the journal is in the tables too. */
  readonly rows: readonly (readonly string[])[];
  readonly query: { readonly queryId: string; readonly rows: readonly (readonly string[])[] };
  /** Events in the journal. */
  readonly waiting: number;
}

export const goldenFile = new URL("golden-lake.br", import.meta.url);
export const goldenFacts = new URL("golden-lake.json", import.meta.url);

export function readGoldenLake(): GoldenLake {
  return JSON.parse(readFileSync(goldenFacts, "utf8")) as GoldenLake;
}
