import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandLine as run } from "../test/command-line.ts";
import { forwarderArguments } from "./own-forwarder.ts";
import { startOwnLake } from "./own-lake.ts";

const root = join(import.meta.dirname, "..", "..");
const place = mkdtempSync(join(tmpdir(), "conformance-own-"));
const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends) end();
  rmSync(place, { recursive: true, force: true });
});

const adapters = readdirSync(join(root, "packages", "adapters"));

test.each(adapters)("the adapter %s conforms", async (name) => {
  const entry = join(root, "packages", "adapters", name, "dist", "index.js");
  const { code, text } = await run([
    "adapter",
    "--adapter",
    entry,
    "--strict",
    "--quiet",
    "--runs",
    "100",
    "--seed",
    "1",
  ]);
  console.log(text.trim().split("\n").at(0));
  expect({ code, text: code === 0 ? "" : text }).toEqual({ code: 0, text: "" });
});

test("the forwarder conforms to the profile shipper", async () => {
  const { code, text } = await run([...forwarderArguments(place), "--strict", "--quiet", "--seed", "1"]);
  console.log(text.trim());
  expect(code).toBe(0);
});

test("the lake conforms to its profiles", async () => {
  const { argv: at, end } = await startOwnLake(place);
  ends.push(end);
  // The quotas come last: what they fill stays full. The lake has no stores of management events, and its clock is its own.
  for (const [profile, more, skipped] of [
    ["ingest", [], 0],
    ["policy", [], 0],
    ["query", [], 0],
    ["channels", ["--queries", "--quotas"], 4],
  ] as const) {
    const { code, text } = await run([profile, ...more, ...at, "--yes", "--strict", "--quiet"]);
    console.log(text.trim());
    expect(code).toBe(0);
    expect(text.match(/not claimed: /g) ?? []).toHaveLength(skipped);
    expect(text.match(/not claimed: (a store of management events|the subject's clock)/g) ?? []).toHaveLength(skipped);
  }
});

test("what the suite runs is built", () => {
  expect(existsSync(join(root, "apps/forwarder/bin/tributary.js"))).toBe(true);
});
