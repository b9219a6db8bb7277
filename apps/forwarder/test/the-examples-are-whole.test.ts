import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import crowdstrike from "@tributary/adapter-crowdstrike";
import github from "@tributary/adapter-github";
import { okta } from "@tributary/adapter-okta";
import { mapFile } from "@tributary/adapter-kit/suite";
import { afterAll, expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

const examples = join(import.meta.dirname, "../examples");
const made = mkdtempSync(join(tmpdir(), "tributary-examples-"));
afterAll(() => rmSync(made, { recursive: true }));

const files = [
  { file: "okta/system-log.ndjson", adapter: okta },
  { file: "github/audit-log.ndjson", adapter: github },
  { file: "crowdstrike/event-streams.ndjson", adapter: crowdstrike },
];
const context = { origin: { receivedAt: "2026-11-22T00:00:00Z", occurrence: 0 }, accountId: "111122223333" };

test("the generator writes the example files as they are", () => {
  execFileSync(process.execPath, [join(examples, "generate.mjs"), made]);
  const changed = files.filter(
    ({ file }) => !readFileSync(join(made, file)).equals(readFileSync(join(examples, file))),
  );
  expect(changed.map(({ file }) => file)).toEqual([]);
});

test.each(files)("every record of $file becomes an event with an id of its own", ({ file, adapter }) => {
  const results = mapFile(adapter, "ndjson", readFileSync(join(examples, file)), context).flatMap(
    (frame) => frame.results,
  );
  expect(results.filter(({ kind }) => kind !== "event")).toEqual([]);
  expect(results.length).toBeGreaterThanOrEqual(300);
  expect(new Set(results.map((result) => (result.kind === "event" ? result.id : ""))).size).toBe(results.length);
});
