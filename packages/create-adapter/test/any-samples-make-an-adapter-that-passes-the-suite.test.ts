import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { JsonObject } from "@tributary/adapter-kit";
import { adapterSuite } from "@tributary/adapter-kit/suite";
import { scaffold } from "@tributary/create-adapter";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { adapterOf } from "../src/proposal/adapter-of.ts";
import { oddRecords } from "./odd-records.ts";
import { temporary } from "./scaffolded.ts";

const place = temporary();

/** Runs the adapter suite over a proposed adapter and its fixtures; answers the names of the promises that were held. */
async function suiteOf(name: string, records: readonly JsonObject[]): Promise<readonly string[]> {
  const identity = { name, displayName: name, source: "Custom" };
  const format = { kind: "ndjson" } as const;
  const made = scaffold(identity, { format, records, lines: [], unread: 0 }, { keepValues: false });
  for (const [path, text] of made.files) {
    const file = join(place, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const promises: { readonly name: string; readonly run: () => void | Promise<void> }[] = [];
  adapterSuite({
    test: (promise, run) => promises.push({ name: promise, run }),
    adapter: adapterOf(made.proposal, identity, format),
    fixtures: join(place, name, "test/fixtures"),
    runs: 40,
    print: () => undefined,
  });
  const held: string[] = [];
  for (const promise of promises) {
    // oxlint-disable-next-line no-await-in-loop
    await promise.run();
    held.push(promise.name);
  }
  return held;
}

const samples = fc.sample(fc.array(oddRecords, { minLength: 1, maxLength: 4 }), { numRuns: 15, seed: 20_260_110 });

test.for(samples.map((records, index) => ({ records, index })))("sample $index", async ({ records, index }) => {
  expect((await suiteOf(`odd-${index}`, records)).length).toBeGreaterThan(15);
});
