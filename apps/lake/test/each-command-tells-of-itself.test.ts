import { spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../src/cli/main.ts";
import { systemFailure } from "../src/cli/system-failure.ts";
import { usage } from "../src/cli/usage.ts";
import { makeProofLake, proofStore, removeLake } from "./proof-lake.ts";
import { run } from "./test-lake.ts";

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

/** As the list of all commands spells them. */
const commands = [...usage.matchAll(/^ {2}tributary-lake ([a-z |-]+?) --/gm)].flatMap(([, spelled = ""]) => {
  const [first = "", ...others] = spelled.split(" | ");
  return [first, ...others.map((other) => first.replace(/[a-z-]+$/, other))];
});

test("the help of a command is of that one, and of what it shares with others", async () => {
  expect(commands.length).toBeGreaterThan(30);
  for (const command of commands) {
    const { code, stdout } = await run([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect({
      command,
      lines: stdout.match(/^ {2}tributary-lake /gm)?.length,
      codes: stdout.includes("exit codes"),
      short: stdout.split("\n").length < 90,
    }).toEqual({ command, lines: 1, codes: true, short: true });
    // Every option of its line is told of.
    for (const [option] of /^ {2}tributary-lake .*(?:\n {10}.*)*/m.exec(stdout)![0].matchAll(/--[a-z-]+/g))
      expect(stdout.split(option).length, `${command} ${option}`).toBeGreaterThan(option === "--data" ? 1 : 2);
    expect((await run(["help", ...command.split(" ")])).stdout).toBe(stdout);
  }
  expect((await run(["identity", "key", "-h"])).stdout.match(/^ {2}tributary-lake /gm)).toHaveLength(2);
  expect((await run(["nothing", "--help"])).stdout).toBe(usage);
  expect((await run(["identity"])).stderr).toContain("identity --help shows");
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  expect(await run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  expect((await run(["--version", "--json"])).stdout).toBe(`${JSON.stringify({ version })}\n`);
});

test("a failure names its code, and is JSON where that was asked for, also of a wrong command line", async () => {
  const nowhere = ["verify", "--data", "/nonexistent"];
  expect((await run(nowhere)).stderr).toMatch(/^tributary-lake: There is no lake in .* \(LAKE_NOT_FOUND\)\n$/);
  const failed = { event: "failed", retryable: false, message: expect.any(String) };
  expect(JSON.parse((await run([...nowhere, "--json"])).stderr)).toEqual({ ...failed, code: "LAKE_NOT_FOUND" });
  expect(JSON.parse((await run(["verify", "--nothing", "--json"])).stderr)).toEqual({ ...failed, code: "USAGE" });
});

const says = (message: string): string => systemFailure(new Error(message))?.message ?? "";

describe("what the machine refuses", () => {
  test("is told with what to do", () => {
    expect(says("EACCES: permission denied, stat '/x'")).toMatch(/^EACCES.*\. Run the command as the user/);
    expect(says("attempt to write a readonly database")).toContain("Run the command as the user");
    expect(says("ENOSPC: no space left on device, write")).toContain("make room");
    expect(says("database or disk is full")).toContain("make room");
    expect(systemFailure(new Error("something else"))).toBeUndefined();
  });

  test.skipIf(process.getuid?.() !== 0)("to another user is not taken for a lake that is not there", async () => {
    const { data } = await makeProofLake();
    try {
      const ended = (...args: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> =>
        new Promise((resolve) => {
          const child = spawn(process.execPath, [cli, ...args, "--json"], { uid: 65534, gid: 65534 });
          let stderr = "";
          child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
          child.once("close", (code) => resolve({ code, stderr }));
        });
      // This user reaches the data directory, and may not look into it.
      chmodSync(join(data, ".."), 0o755);
      const refused = { code: 1, stderr: expect.stringContaining("SYSTEM_FAILED") };
      expect(await ended("verify", "--data", data)).toMatchObject(refused);
      expect(await ended("serve", "--data", data, "--port", "0")).toMatchObject(refused);
      for (const path of [data, join(data, "catalog.sqlite"), join(data, "objects")]) chownSync(path, 65534, 65534);
      chmodSync(join(data, "catalog.sqlite"), 0o400);
      expect(await ended("serve", "--data", data, "--port", "0")).toMatchObject(refused);
    } finally {
      removeLake(data);
    }
  });
});

/** Runs it and sends the signal: at once, or when it first prints. */
async function stopped(when: "at once" | "when it prints", ...args: readonly string[]) {
  let stdout = "";
  let stderr = "";
  const listeners: (() => void)[] = [];
  const code = await main(args, {
    stdout: {
      write: (text) => {
        stdout += text;
        for (const listener of listeners) listener();
      },
    },
    stderr: { write: (text) => (stderr += text) },
    env: {},
    once: (signal, listener) => {
      if (when === "at once") listener();
      else if (signal === "SIGTERM") listeners.push(listener);
    },
  });
  return { code, stdout, stderr };
}

describe("a command that is told to stop", () => {
  let data: string;
  beforeAll(async () => void ({ data } = await makeProofLake()));
  afterAll(() => removeLake(data));

  const pins = (): number => {
    const db = new DatabaseSync(join(data, "catalog.sqlite"));
    const count = Number(db.prepare("SELECT COUNT(*) AS n FROM pin").get()?.["n"]);
    db.close();
    return count;
  };
  const at = (name: string): string => join(data, "..", name);

  test("leaves no part of an export", async () => {
    // Its retention is long past the events of this lake, so that they are not left out.
    const db = new DatabaseSync(join(data, "catalog.sqlite"));
    db.exec("UPDATE event_data_store SET retention_period = 36500");
    db.close();
    const select = ["export", "--data", data, "--store", proofStore];
    const whole = await run(select);
    expect(whole.code).toBe(0);
    const part = await stopped("when it prints", ...select);
    expect(part).toMatchObject({ code: 1, stderr: expect.stringContaining("SIGTERM stopped the export") });
    expect(part.stdout.length).toBeLessThan(whole.stdout.length);
    expect(part.stderr).toContain("(STOPPED)");
    expect((await stopped("at once", ...select, "--out", at("events"))).code).toBe(1);
    expect(readdirSync(at("")).filter((name) => name.startsWith("events"))).toEqual([]);
    expect(pins()).toBe(0);
  });

  test("leaves the earlier backup whole, holds nothing, and leaves no part of a restore", async () => {
    const backup = ["backup", "--data", data, "--to", at("backup")];
    expect((await run(backup)).code).toBe(0);
    expect((await stopped("at once", ...backup)).code).toBe(1);
    expect(pins()).toBe(0);
    const restore = ["restore", "--data", at("restored"), "--from", at("backup")];
    expect((await stopped("at once", ...restore)).code).toBe(1);
    expect(existsSync(at("restored"))).toBe(false);
    expect((await run(restore)).code).toBe(0);
  });
});
