import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { signedRequests } from "../bench/signed-requests.ts";
import { askRows, controlClient, makeStoreAndChannel } from "./control-client.ts";
import { createIdentity, startLake } from "./lake-process.ts";
import { randomFrom } from "./random-from.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const rounds = 12;

test("backups killed at any moment, of a lake that takes events: what the directory holds restores and proves", async () => {
  console.log(`seed ${seed}`);
  const random = randomFrom(seed);
  const directory = mkdtempSync(join(tmpdir(), "tributary-killed-backup-"));
  const data = join(directory, "lake");
  const key = createIdentity(data, "111122223333", "operator");
  const lake = await startLake(data);
  let killed = 0;
  let took = 0;
  let ingest: Promise<void> | undefined;
  const stop = new AbortController();
  try {
    const client = controlClient(lake.url, key);
    const { storeId, channelArn } = await makeStoreAndChannel(client, "backed-up");
    const target = { url: lake.url, region: "us-east-1", accountId: "111122223333", channelArn, ...key };
    const start = Math.floor(Date.now() / 1000) - 3600;
    ingest = (async () => {
      for (let n = 0; !stop.signal.aborted; n += 10) {
        const [request] = await signedRequests(target, 1, 10, n, start);
        const answer = await fetch(new URL(request!.path, lake.url), {
          method: "POST",
          headers: request!.headers as Record<string, string>,
          body: new Uint8Array(request!.body),
        });
        if (answer.status !== 200) throw new Error(await answer.text());
      }
    })();
    const to = join(directory, "backup");
    let restored = -1;
    for (let round = 0; round < rounds; round++) {
      // New table files in each round.
      await askRows(client, `SELECT count(*) FROM ${storeId}`);
      const began = performance.now();
      const child = spawn(process.execPath, [cli, "backup", "--data", data, "--to", to], { stdio: "ignore" });
      const ended = new Promise<number | null>((resolve) => void child.once("exit", resolve));
      // The first one ends, and shows how long one takes.
      const timer = round === 0 ? undefined : setTimeout(() => child.kill("SIGKILL"), 150 + random() * 1.2 * took);
      const code = await ended;
      clearTimeout(timer);
      if (round === 0) took = performance.now() - began;
      expect([0, null], "whole or killed").toContain(code);
      if (code === null) killed++;
      const place = join(directory, `restored-${round}`);
      const events = restoredEvents(to, place);
      expect(events, "never an older backup than before").toBeGreaterThanOrEqual(restored);
      restored = events;
      rmSync(place, { recursive: true, force: true });
    }
    client.destroy();
    expect(killed).toBeGreaterThan(2);
    console.log(`${killed} of ${rounds} backups were killed, ${restored} events in the last`);
  } finally {
    stop.abort();
    await ingest?.catch(() => undefined);
    await lake.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  await ingest;
});

/** Restores and verifies; answers the events of its tables' rows and its journal. */
function restoredEvents(from: string, data: string): number {
  const restore = spawnSync(process.execPath, [cli, "restore", "--from", from, "--data", data, "--json"], {
    encoding: "utf8",
  });
  expect(restore.stderr).toBe("");
  const verify = spawnSync(process.execPath, [cli, "verify", "--data", data, "--json"], { encoding: "utf8" });
  expect(verify.stdout).toContain('"problems":0');
  expect(existsSync(join(data, "catalog.sqlite"))).toBe(true);
  const { waiting } = JSON.parse(restore.stdout) as { waiting: number };
  return waiting + storedRows(data);
}

function storedRows(data: string): number {
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  try {
    return Number(db.prepare("SELECT COALESCE(SUM(rows), 0) AS n FROM table_file").get()!["n"]);
  } finally {
    db.close();
  }
}
