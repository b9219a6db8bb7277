import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SqliteCatalog, openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { DataKeys } from "../src/secrets/data-keys.ts";
import type { MasterKeySource } from "../src/secrets/master-key.ts";
import { rotateMasterKey } from "../src/secrets/rotate-master-key.ts";
import { openDataDirectory } from "../src/serve/data-directory.ts";
import { run } from "./test-lake.ts";

let data: string;
let path: string;
let source: MasterKeySource;
const account = "111122223333";
const secrets = new Map<string, string>();
let catalog: SqliteCatalog;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "tributary-rotation-"));
  path = join(data, "master.key");
  source = { kind: "file", path, own: true };
  secrets.clear();
  for (const name of ["alice", "bob"]) {
    const made = await run(["identity", "create", "--data", data, "--account", account, "--name", name, "--json"]);
    const key = JSON.parse(made.stdout) as { accessKeyId: string; secretAccessKey: string };
    secrets.set(key.accessKeyId, key.secretAccessKey);
  }
  catalog = await openSqliteCatalog({ file: openDataDirectory(data).catalogFile, clock: systemClock });
});
afterEach(async () => {
  await catalog.close();
  rmSync(data, { recursive: true, force: true });
});

/** What a lake that starts now can open. */
async function opened(from: MasterKeySource = source): Promise<ReadonlyMap<string, string | undefined>> {
  const keys = await DataKeys.open(catalog, from);
  const state = await catalog.readControl();
  return new Map(
    [...state.accessKeys.values()].map(({ accessKeyId, sealedSecret }) => [
      accessKeyId,
      keys.of(state).open("access-key-secret", accessKeyId, sealedSecret),
    ]),
  );
}
const rotate = async (through: Pick<SqliteCatalog, "readControl" | "changeControl">, newDataKey: boolean) =>
  rotateMasterKey(through, await DataKeys.open(catalog, source), { source, newDataKey });

const steps = ["before the catalog is read", "before the catalog is changed", "after the catalog is changed"] as const;

/** The catalog of a process that ends at a step. */
function killedAt(step: (typeof steps)[number]): Pick<SqliteCatalog, "readControl" | "changeControl"> {
  let reads = 0;
  return {
    readControl: () => {
      if (step === steps[0] && reads++ === 1) throw new Error("killed");
      return catalog.readControl();
    },
    changeControl: async (...given) => {
      if (step === steps[1]) throw new Error("killed");
      await catalog.changeControl(...given);
      throw new Error("killed");
    },
  };
}

describe.each([false, true])("with a new data key: %s", (newDataKey) => {
  test.each(steps)("%s: every secret opens, and the next rotation is whole", async (step) => {
    const before = readFileSync(path, "utf8");
    await expect(rotate(killedAt(step), newDataKey)).rejects.toThrow("killed");
    expect(existsSync(`${path}.next`)).toBe(true);
    expect(await opened()).toEqual(secrets);
    await rotate(catalog, newDataKey);
    expect(await opened()).toEqual(secrets);
    expect(existsSync(`${path}.next`)).toBe(false);
    expect(readFileSync(path, "utf8")).not.toBe(before);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
  test("cut short again and again", async () => {
    for (const step of [...steps, ...steps.toReversed()]) {
      await expect(rotate(killedAt(step), newDataKey)).rejects.toThrow("killed");
      expect(await opened()).toEqual(secrets);
    }
  });
});

test("half a key that was being written is in nobody's way", async () => {
  writeFileSync(`${path}.next.new`, "AAAA", { mode: 0o600 });
  expect(await opened()).toEqual(secrets);
  await rotate(catalog, false);
  expect(await opened()).toEqual(secrets);
  expect(readdirSync(data).filter((name) => name.startsWith("master.key.") && !name.includes("lock"))).toEqual([]);
});

test("after a rotation the old key opens nothing", async () => {
  const old = readFileSync(path, "utf8");
  await rotate(catalog, false);
  await expect(opened({ kind: "value", text: old })).rejects.toMatchObject({ code: "MASTER_KEY_WRONG" });
  expect(await opened({ kind: "value", text: readFileSync(path, "utf8") })).toEqual(secrets);
});

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
test("two rotations at once come one after the other", async () => {
  const args = [cli, "identity", "master-key", "rotate", "--new-data-key", "--data", data];
  const ended = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<number | null>((resolve) => {
          spawn(process.execPath, args, { stdio: "ignore", timeout: 60_000 }).once("exit", resolve);
        }),
    ),
  );
  expect(ended).toEqual([0, 0, 0]);
  expect(await opened()).toEqual(secrets);
  expect(existsSync(`${path}.next`)).toBe(false);
});

test("without the master key nothing is opened, and no other is made", async () => {
  const key = readFileSync(path, "utf8");
  rmSync(path);
  await expect(opened()).rejects.toMatchObject({ code: "MASTER_KEY_MISSING" });
  const listed = await run(["identity", "list", "--data", data]);
  expect(listed).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(path) });
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, "not a key", { mode: 0o600 });
  await expect(opened()).rejects.toMatchObject({ code: "MASTER_KEY_NOT_VALID" });
  writeFileSync(path, Buffer.alloc(32, 1).toString("base64"));
  await expect(opened()).rejects.toMatchObject({ code: "MASTER_KEY_WRONG" });
  writeFileSync(path, key);
  expect(await opened()).toEqual(secrets);
});

test.skipIf(process.platform === "win32")(
  "a master key that others can read is refused with the way to mend it",
  async () => {
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(path, mode);
      await expect(opened()).rejects.toMatchObject({
        code: "MASTER_KEY_NOT_VALID",
        message: expect.stringContaining(`chmod 600 ${path}`),
      });
    }
    chmodSync(path, 0o400);
    expect(await opened()).toEqual(secrets);
  },
);
