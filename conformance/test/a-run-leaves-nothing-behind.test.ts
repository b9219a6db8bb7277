import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { commandLine } from "./command-line.ts";
import { LakeOverHttp, owner, type Silence } from "./lake-over-http.ts";

const cli = join(import.meta.dirname, "..", "dist", "cli.js");
const env = {
  ...process.env,
  AWS_ACCESS_KEY_ID: owner.accessKeyId,
  AWS_SECRET_ACCESS_KEY: owner.secretAccessKey,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
};
const lakes: LakeOverHttp[] = [];
afterEach(() => {
  for (const lake of lakes.splice(0)) lake.close();
});

async function startLake(silent: Silence): Promise<LakeOverHttp> {
  const lake = await LakeOverHttp.start(silent);
  lakes.push(lake);
  return lake;
}

/** The suite as a process of its own. */
function start(lake: LakeOverHttp, profile = "ingest") {
  const child = spawn(process.execPath, [cli, profile, "--endpoint", lake.endpoint, "--yes", "--seed", "1"], { env });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<{ readonly code: number | null; readonly text: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, text }));
  });
  return { child, ended };
}

test.each(["SIGINT", "SIGTERM"] as const)("after %s in the middle of a check nothing is left", async (signal) => {
  const lake = await startLake((operation, count) => {
    const isMiddle = operation === "PutAuditEvents" && count === 40;
    if (isMiddle) run.child.kill(signal);
    return isMiddle;
  });
  const run = start(lake);
  const { code, text } = await run.ended;
  expect(code).toBe(signal === "SIGINT" ? 130 : 143);
  expect(await lake.standing()).toEqual([]);
  expect(lake.asked.slice(-2)).toEqual(["DeleteChannel", "DeleteEventDataStore"]);
  expect(text).toContain(`not finished: Interrupted: ${signal}`);
  expect(text).toContain(`not run: Interrupted: ${signal}`);
  expect(text).not.toContain("Left behind");
});

test.each(["CreateEventDataStore", "CreateChannel"])(
  "what %s makes while a signal comes is deleted, too",
  async (name) => {
    const lake = await startLake((operation) => {
      if (operation !== name) return false;
      run.child.kill("SIGTERM");
      return new Promise((resolve) => run.child.stderr.once("data", () => resolve(false)));
    });
    const run = start(lake);
    const { code } = await run.ended;
    expect(code).toBe(143);
    expect(lake.asked).toContain(name);
    expect(lake.asked).not.toContain("PutAuditEvents");
    expect(await lake.standing()).toEqual([]);
  },
);

test("a second signal ends at once, and prints what is left", async () => {
  let left: readonly string[] = [];
  const lake = await startLake(async (operation, count) => {
    if (operation === "PutAuditEvents" && count === 3) {
      left = await lake.standing();
      run.child.kill("SIGINT");
    }
    if (operation === "DeleteChannel") run.child.kill("SIGINT");
    return operation.startsWith("Delete") || (operation === "PutAuditEvents" && count >= 3);
  });
  const run = start(lake);
  const { code, text } = await run.ended;
  expect(code).toBe(130);
  expect(left).toHaveLength(2);
  expect(text).toContain(`Left behind, delete it yourself: ${left.join(", ")}`);
});

test("what was not checked when the time of a run is over is an error, never a pass", async () => {
  let over: (() => void) | undefined;
  const lake = await startLake((operation, count) => {
    if (operation === "PutAuditEvents" && count === 20) over?.();
    return operation === "PutAuditEvents" && count >= 20;
  });
  const saved = { ...process.env };
  Object.assign(process.env, env);
  try {
    const { code, text } = await commandLine(
      ["ingest", "--endpoint", lake.endpoint, "--yes", "--json", "--timeout", "30", "--seed", "1"],
      { end: (ends) => (over = ends) },
    );
    expect(code).toBe(3);
    const report: { readonly results: readonly { readonly status: string; readonly note?: string }[] } =
      JSON.parse(text);
    const kinds = report.results.map(({ status, note }) => `${status} ${note ?? ""}`.trim());
    expect([...new Set(kinds)]).toEqual([
      "pass",
      "error not finished: Interrupted: the run took longer than --timeout 30",
      "error not run: Interrupted: the run took longer than --timeout 30",
    ]);
    expect(report.results.length).toBeGreaterThan(100);
  } finally {
    for (const name of Object.keys(env)) if (saved[name] === undefined) delete process.env[name];
    Object.assign(process.env, saved);
  }
  expect(await lake.standing()).toEqual([]);
});
