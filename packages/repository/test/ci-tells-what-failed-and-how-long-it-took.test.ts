import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./workspace.ts";

interface Job {
  readonly name: string;
  readonly kind: "suite" | "check" | "step";
  readonly command: readonly string[];
  readonly after?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Result {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly parts: readonly { readonly name: string; readonly seconds: number; readonly whole: boolean }[];
  readonly excerpt: string;
}

/** What `.ci/all-checks.mjs` does with jobs: what it prints meanwhile, what came of each, and the table at the end. */
function ran(jobs: readonly Job[], lanes = 2): { printed: string; results: readonly Result[]; table: string } {
  const source = `
    import { durations } from ${JSON.stringify(join(root, ".ci/checks/durations.mjs"))};
    import { runJobs } from ${JSON.stringify(join(root, ".ci/checks/run-jobs.mjs"))};
    let printed = "";
    const results = await runJobs(${JSON.stringify(jobs)}, { lanes: ${lanes}, print: (text) => (printed += text) });
    console.log(JSON.stringify({ printed, results, table: durations(results, { shortest: 0 }) }));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

const prints = (...lines: readonly string[]) => ["printf", "%s\\n", ...lines];

test("tests of several packages are summed up, with their colours taken off", () => {
  const { results, table } = ran([
    {
      name: "npm test",
      kind: "suite",
      command: prints(
        "@tributary/a:test:  \u001B[32m✓\u001B[39m test/one-holds.test.ts \u001B[2m(2 tests)\u001B[22m\u001B[33m 1500\u001B[2mms\u001B[22m\u001B[39m",
        "@tributary/a:test: \u001B[2m      Tests \u001B[22m \u001B[1m\u001B[32m2 passed\u001B[39m\u001B[22m | 1 skipped (3)",
        "@tributary/a:test:    Duration  2.25s (tests 54%)",
        "@tributary/b:test:       Tests  1 failed | 40 passed (41)",
        "@tributary/b:test:    Duration  950ms",
      ),
    },
  ]);
  expect(results[0]).toMatchObject({ passed: 42, failed: 1 });
  expect(results[0]!.parts).toEqual([
    { name: "@tributary/a test/one-holds.test.ts", seconds: 1.5, whole: false },
    { name: "@tributary/a", seconds: 2.25, whole: true },
    { name: "@tributary/b", seconds: 0.95, whole: true },
  ]);
  const rows = table.split("\n").map((line) => line.trim().replaceAll(/ +/g, " "));
  expect(rows.slice(2)).toEqual([
    "2.3 @tributary/a",
    "0.9 @tributary/b",
    "=== the slowest files of tests",
    "1.5 @tributary/a test/one-holds.test.ts",
  ]);
});

test("a command that fails without a failed test is one failure, and its last words stand at the end", () => {
  const { printed, results } = ran([
    { name: "broken", kind: "suite", command: ["sh", "-c", "echo ' ERROR  no such package'; exit 1"] },
    { name: "lint", kind: "check", command: ["sh", "-c", "echo 'no such rule' >&2; exit 2"] },
    { name: "format", kind: "check", command: ["echo", "all of it is well"] },
    { name: "tools", kind: "step", command: ["true"] },
  ]);
  expect(results.map(({ passed, failed }) => [passed, failed])).toEqual([
    [0, 1],
    [0, 1],
    [1, 0],
    [0, 0],
  ]);
  expect(results[0]!.excerpt).toContain("FAILED: broken\n ERROR  no such package");
  expect(results[1]!.excerpt).toContain("FAILED: lint\nno such rule");
  expect(printed).toContain("no such rule");
  expect(printed).not.toContain("all of it is well");
});

test("two jobs run side by side, none before the one it needs, each with its own environment", () => {
  // A writer of a pipe ends only with its reader.
  const fifo = spawnSync("sh", ["-c", "fifo=$(mktemp -u); mkfifo $fifo; echo $fifo"], {
    encoding: "utf8",
  }).stdout.trim();
  const { results, printed } = ran([
    { name: "last", kind: "check", after: "writer", command: ["sh", "-c", `test ! -e ${fifo}`] },
    {
      name: "writer",
      kind: "check",
      command: ["sh", "-c", `echo "$WORD" > ${fifo} && rm ${fifo}`],
      env: { WORD: "sesame" },
    },
    { name: "reader", kind: "check", command: ["sh", "-c", `test "$(cat ${fifo})" = sesame`] },
  ]);
  expect(results.map(({ failed }) => failed)).toEqual([0, 0, 0]);
  expect(printed.indexOf("last: begins")).toBeGreaterThan(printed.indexOf("writer: ok"));
});

test("the time of a processor counts children too", () => {
  const burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
  const [result] = ran([{ name: "work", kind: "check", command: ["sh", "-c", `sh -c '${burn}'; true`] }]).results;
  expect(result!.processorSeconds).toBeGreaterThan(0);
});
