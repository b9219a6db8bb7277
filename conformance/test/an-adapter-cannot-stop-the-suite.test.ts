import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { commandLine } from "./command-line.ts";

const place = mkdtempSync(join(tmpdir(), "conformance-apart-"));
afterAll(() => rmSync(place, { recursive: true }));
const typebox = pathToFileURL(createRequire(import.meta.url).resolve("@sinclair/typebox")).href;
const kit = pathToFileURL(join(import.meta.dirname, "..", "..", "packages", "adapter-kit", "dist", "index.js")).href;

/** A package with an adapter that does this when a record has a long action. */
function adapterThat(name: string, does: string): string {
  const root = join(place, name);
  mkdirSync(join(root, "dist"), { recursive: true });
  mkdirSync(join(root, "test", "fixtures"), { recursive: true });
  const file = join(root, "dist", "index.mjs");
  writeFileSync(
    file,
    `import { writeFileSync } from "node:fs";
import { contentId, defineAdapter, jsonLines, utcSeconds } from ${JSON.stringify(kit)};
import * as typebox from ${JSON.stringify(typebox)};
const { Type } = typebox.default ?? typebox;
export default defineAdapter({
  name: "example", source: "Custom", displayName: "Example", record: Type.Object({ action: Type.String(), at: Type.String() }), secrets: [], countsOccurrences: true,
  formats: { lines: jsonLines },
  eventId: (record, { origin }) => contentId(record, origin.occurrence, "example"),
  toEvent: (record, { id }) => {
    if (String(record.action).length > 100) { ${does} }
    return { version: "1", userIdentity: { type: "User", principalId: "ada" }, eventSource: "example", eventName: "login",
      eventTime: utcSeconds(record.at), UID: id, requestParameters: record };
  },
});
`,
  );
  writeFileSync(
    join(root, "test", "fixtures", "login.record.json"),
    JSON.stringify({ action: "login", at: "2026-01-01T10:00:00Z" }),
  );
  return file;
}

test("an adapter that never ends is ended when the time is over", async () => {
  let over: (() => void) | undefined;
  const stuck = mkdtempSync(join(place, "stuck-"));
  const watcher = watch(stuck, () => over?.());
  const adapter = adapterThat("endless", `writeFileSync(${JSON.stringify(join(stuck, "here"))}, ""); for (;;) {}`);
  const running = commandLine(["adapter", "--adapter", adapter, "--json", "--runs", "5", "--timeout", "20"], {
    end: (ends) => (over = ends),
  });
  const { code, text } = await running;
  watcher.close();
  expect(code).toBe(3);
  const report: { readonly results: readonly { readonly status: string; readonly note?: string }[] } = JSON.parse(text);
  expect(report.results.filter(({ note }) => note?.startsWith("not finished") === true)).toHaveLength(1);
});

test("an adapter that ends its process is a miss, and the next check goes on", async () => {
  const { code, text } = await commandLine([
    "adapter",
    "--adapter",
    adapterThat("quitter", "process.exit(7);"),
    "--json",
    "--runs",
    "5",
  ]);
  expect(code).toBe(1);
  const report: {
    readonly results: readonly {
      readonly clause: { readonly id: string };
      readonly status: string;
      readonly got?: string;
    }[];
  } = JSON.parse(text);
  const limits = report.results.find(({ clause }) => clause.id === "adapter/events-keep-every-limit");
  expect(limits).toMatchObject({ status: "fail", got: "its process ended (exit code 7)" });
  expect(report.results.at(-1)?.status).toBe("pass");
});

test("the seed repeats what an adapter is searched with", async () => {
  const seen = join(place, "seen");
  const adapter = adapterThat("noting", "");
  const noting = `appendFileSync(${JSON.stringify(seen)}, JSON.stringify(record) + "\\n");`;
  writeFileSync(
    adapter,
    readFileSync(adapter, "utf8")
      .replace("import { writeFileSync }", "import { appendFileSync, writeFileSync }")
      .replace("if (String(", `${noting} if (String(`),
  );
  const records = async (seed: string) => {
    writeFileSync(seen, "");
    await commandLine(["adapter", "--adapter", adapter, "--json", "--runs", "20", "--grep", "mutated", "--seed", seed]);
    return readFileSync(seen, "utf8");
  };
  const first = await records("1");
  expect(first.split("\n").length).toBeGreaterThan(10);
  expect(await records("1")).toBe(first);
  expect(await records("2")).not.toBe(first);
});
