import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Adapter } from "../contract/adapter.ts";
import { sniffFormat } from "../sniff-format.ts";
import { suiteTimeout } from "./suite-test.ts";
import type { SuiteTest } from "./suite-test.ts";
import { compareFixture, fixtureContext, mapFile, readFixtures } from "./fixtures.ts";

export interface SamplesOptions {
  readonly test: SuiteTest;
  readonly adapter: Adapter;
  /** A folder of a vendor's real records. They are not in the repository; without it the run says so and passes. */
  readonly samples: string | URL;
  /** The adapter's fixtures: every reason of a refusal must have one. */
  readonly fixtures: string | URL;
  /** Files of the folder that hold no records. */
  readonly skip?: readonly string[] | undefined;
  /** Least share of accepted records over all files, 0 to 1. Default 0.95. */
  readonly minimum?: number | undefined;
  readonly print?: ((line: string) => void) | undefined;
}

/** Maps a folder of real records: prints accepted of total for each file and every refusal with file, line and reason. */
export function samplesRun({
  test,
  adapter,
  samples,
  fixtures,
  skip = [],
  minimum = 0.95,
  print = console.log,
}: SamplesOptions): void {
  const folder = typeof samples === "string" ? samples : fileURLToPath(samples);
  test(
    `${adapter.name}: every real record is an event or refused by name`,
    () => {
      if (!existsSync(folder)) return print(`${adapter.name}: no samples beside the repository: skipped`);
      const known = refusalsOf(adapter, fixtures);
      const sum = { accepted: 0, dropped: 0, total: 0 };
      const unknown = new Set<string>();
      for (const file of readdirSync(folder).toSorted()) {
        if (skip.includes(file)) continue;
        const bytes = readFileSync(join(folder, file));
        const format = sniffFormat(adapter, bytes.subarray(0, 65_536)) ?? Object.keys(adapter.formats)[0]!;
        const count = { accepted: 0, dropped: 0, total: 0 };
        const refusals: string[] = [];
        for (const { offset, results } of mapFile(adapter, format, bytes, {
          ...fixtureContext,
          origin: { receivedAt: "2026-12-31T00:00:00.000Z", occurrence: 0 },
        }))
          for (const result of results) {
            count.total += 1;
            if (result.kind === "event") count.accepted += 1;
            if (result.kind === "dropped") count.dropped += 1;
            if (result.kind !== "refused") continue;
            refusals.push(`  ${file}:${lineAt(bytes, offset)}: ${result.code} ${result.path} ${result.message}`);
            if (!known.has(result.code)) unknown.add(result.code);
          }
        print(
          `${adapter.name}: ${file} (${format}): ${count.accepted}/${count.total} accepted${count.dropped > 0 ? `, ${count.dropped} dropped` : ""}`,
        );
        for (const refusal of refusals) print(refusal);
        for (const key of ["accepted", "dropped", "total"] as const) sum[key] += count[key];
      }
      print(`${adapter.name}: all files: ${sum.accepted}/${sum.total} accepted, ${sum.dropped} dropped`);
      assert.deepEqual([...unknown], [], "these reasons of refusal have no fixture");
      assert.ok(sum.accepted + sum.dropped >= minimum * sum.total, `fewer than ${minimum * 100} % accepted`);
    },
    suiteTimeout,
  );
}

function refusalsOf(adapter: Adapter, fixtures: string | URL): ReadonlySet<string> {
  const codes = readFixtures(adapter, fixtures).flatMap((fixture) => [
    ...compareFixture(adapter, fixture).expected.matchAll(/"code": "([A-Za-z_]+)"/g),
  ]);
  return new Set(codes.map(([, code]) => code!));
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
}
