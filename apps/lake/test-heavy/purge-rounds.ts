import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type CloudTrailClient,
  DeleteChannelCommand,
  DeleteEventDataStoreCommand,
  GetEventDataStoreCommand,
  RestoreEventDataStoreCommand,
  UpdateEventDataStoreCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudTrailDataClient, PutAuditEventsCommand } from "@tributary/client";
import type { PurgeRecord } from "../src/catalog/purge-catalog.ts";
import { findCanary, journalPieces } from "../test/canary.ts";
import { entry } from "../test/test-lake.ts";
import { askRows, controlClient, makeStoreAndChannel } from "./control-client.ts";
import { createIdentity, startLake, type LakeProcess } from "./lake-process.ts";
import { randomFrom } from "./random-from.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const kinds = ["events", "store", "restore"] as const;

export interface PurgeVerdict {
  readonly rounds: number;
  /** In what stage the kills found the purges. */
  readonly stages: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

/** Kills a lake, and the command that waits for it, during deletions, purges and restores; what was ordered must be done after. */
export async function purgeRounds(options: { readonly rounds: number; readonly seed: number }): Promise<PurgeVerdict> {
  const random = randomFrom(options.seed);
  const data = mkdtempSync(join(tmpdir(), "tributary-purge-"));
  const key = createIdentity(data, "111122223333", "oracle");
  const problems: string[] = [];
  const stages: Record<string, number> = {};
  const start = (): Promise<LakeProcess> => startLake(data, { args: ["--channels-per-source", "20"] });
  const put = async (url: string, channelArn: string, auditEvents: readonly ReturnType<typeof entry>[]) => {
    const client = new CloudTrailDataClient({ region: "us-east-1", endpoint: url, credentials: key });
    const { failed, successful } = await client.send(
      new PutAuditEventsCommand({ channelArn, auditEvents: [...auditEvents] }),
    );
    client.destroy();
    if (failed.length > 0) throw new Error(JSON.stringify(failed[0]));
    return successful.map(({ eventID }) => eventID);
  };
  try {
    let lake = await start();
    let client = controlClient(lake.url, key);
    const bystander = await makeStoreAndChannel(client, "bystander");
    const bystanders = Array.from({ length: 50 }, (_, n) => entry(`theirs-${n}`));
    await put(lake.url, bystander.channelArn, bystanders);
    const expected = JSON.stringify(bystanders.map(({ id }) => id).toSorted());
    for (let round = 0; round < options.rounds; round++) {
      const kind = kinds[round % kinds.length]!;
      const secret = `canary-of-round-${round}-${options.seed}`;
      const victim = await makeStoreAndChannel(client, `victim-${round}`);
      const kept = Array.from({ length: 40 }, (_, n) => entry(`kept-${n}`));
      const secrets = Array.from({ length: 10 }, (_, n) =>
        entry(`secret-${n}`, { requestParameters: { password: secret } }),
      );
      const eventIds = await put(lake.url, victim.channelArn, secrets);
      await put(lake.url, victim.channelArn, kept);
      const pieces = [...journalPieces(data, victim.storeId)];
      await askRows(client, `SELECT eventdata_text FROM ${victim.storeId}`);
      await put(lake.url, victim.channelArn, secrets.slice(0, 3));
      pieces.push(...journalPieces(data, victim.storeId));
      const before = await findCanary(data, secret, pieces);
      for (const place of ["table file", "result: text"])
        if (!before.includes(place)) problems.push(`round ${round}: the canary is not in a ${place} to begin with`);
      if (kind !== "events") {
        const EventDataStore = victim.storeId;
        await client.send(new DeleteChannelCommand({ Channel: victim.channelArn }));
        await client.send(new UpdateEventDataStoreCommand({ EventDataStore, TerminationProtectionEnabled: false }));
      }
      const file = join(data, "ids.txt");
      writeFileSync(file, eventIds.join("\n"));
      const command =
        kind === "events"
          ? ["events", "purge", "--data", data, "--store", victim.storeId, "--event-ids", file]
          : ["store", "purge", "--data", data, "--store", victim.storeId];
      const state = { deleted: false, restored: false };
      let waiting: ChildProcess | undefined;
      const acting = (async () => {
        const EventDataStore = victim.storeId;
        if (kind !== "events") {
          await client.send(new DeleteEventDataStoreCommand({ EventDataStore }));
          state.deleted = true;
        }
        if (kind === "restore") {
          await client.send(new RestoreEventDataStoreCommand({ EventDataStore }));
          state.restored = true;
        } else waiting = spawn(process.execPath, [cli, ...command], { stdio: "ignore" });
      })().catch(() => undefined);
      // Most kills should find the purge under way, and it is short.
      if (kind === "restore") await wait(random() * 40);
      else {
        if (random() < 0.8) await ordered(data, victim.storeId);
        await wait(random() * 120);
      }
      await lake.kill("group");
      waiting?.kill("SIGKILL");
      await acting;
      client.destroy();
      const found = purges(data).find(({ storeId }) => storeId === victim.storeId);
      const stage =
        kind === "restore" ? `${kind}: ${JSON.stringify(state)}` : `${kind}: ${found?.stage ?? "not ordered"}`;
      stages[stage] = (stages[stage] ?? 0) + 1;
      lake = await start();
      client = controlClient(lake.url, key);
      if (kind === "restore") {
        const { Status } = await client.send(new GetEventDataStoreCommand({ EventDataStore: victim.storeId }));
        if (state.restored && Status !== "ENABLED") problems.push(`round ${round}: restored, and it is ${Status}`);
        if (state.deleted && !state.restored && Status === undefined) problems.push(`round ${round}: no status`);
        if (Status === "PENDING_DELETION")
          await client.send(new RestoreEventDataStoreCommand({ EventDataStore: victim.storeId }));
        const ids = JSON.stringify([...secrets, ...kept].map(({ id }) => id).toSorted());
        if ((await uids(client, victim.storeId)) !== ids) problems.push(`round ${round}: a restored store lost events`);
        // So that the next round has room: ten stores are an account's limit.
        await client.send(new DeleteEventDataStoreCommand({ EventDataStore: victim.storeId }));
        purge(["store", "purge", "--data", data, "--store", victim.storeId], problems, round);
      } else {
        if (found === undefined) {
          if (kind === "store" && !state.deleted)
            await client
              .send(new DeleteEventDataStoreCommand({ EventDataStore: victim.storeId }))
              .catch(() => undefined);
          purge(command, problems, round);
        } else if (!(await done(data, found.purgeId))) problems.push(`round ${round}: the purge never goes on`);
        if (kind === "events") {
          const ids = JSON.stringify(kept.map(({ id }) => id).toSorted());
          if ((await uids(client, victim.storeId)) !== ids)
            problems.push(`round ${round}: other events than were kept`);
          await client.send(new DeleteChannelCommand({ Channel: victim.channelArn }));
          await client.send(
            new UpdateEventDataStoreCommand({ EventDataStore: victim.storeId, TerminationProtectionEnabled: false }),
          );
        }
      }
      const places = await findCanary(data, secret, pieces);
      if (places.length > 0) problems.push(`round ${round}, ${stage}: the canary is in ${places.join(", ")}`);
      if (kind === "events") {
        await client.send(new DeleteEventDataStoreCommand({ EventDataStore: victim.storeId }));
        purge(["store", "purge", "--data", data, "--store", victim.storeId], problems, round);
      }
      if ((await uids(client, bystander.storeId)) !== expected) problems.push(`round ${round}: the bystander changed`);
    }
    client.destroy();
    await lake.stop();
    const verified = spawnSync(process.execPath, [cli, "verify", "--data", data], { encoding: "utf8" });
    if (verified.status !== 0) problems.push(`verify: ${verified.stdout}`);
    return { rounds: options.rounds, stages, problems };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** Sorted, as JSON. */
async function uids(client: CloudTrailClient, storeId: string): Promise<string> {
  const rows = await askRows(client, `SELECT eventData.uid FROM ${storeId}`);
  return JSON.stringify(rows.map(([uid]) => uid!).toSorted());
}

function purges(data: string): readonly PurgeRecord[] {
  const { stdout } = spawnSync(process.execPath, [cli, "purge", "list", "--data", data, "--json"], {
    encoding: "utf8",
  });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as PurgeRecord);
}

/** When the order is in the catalog, or after five seconds. */
async function ordered(data: string, storeId: string): Promise<void> {
  const db = new DatabaseSync(join(data, "catalog.sqlite"), { readOnly: true });
  try {
    const look = db.prepare("SELECT 1 FROM purge WHERE store_id = ?");
    for (const deadline = Date.now() + 5000; Date.now() < deadline; await wait(2)) if (look.get(storeId)) return;
  } finally {
    db.close();
  }
}

function purge(command: readonly string[], problems: string[], round: number): void {
  const ended = spawnSync(process.execPath, [cli, ...command], { encoding: "utf8", timeout: 60_000 });
  if (ended.status !== 0) problems.push(`round ${round}: ${command.join(" ")}: ${ended.stderr}`);
}

async function done(data: string, purgeId: string): Promise<boolean> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await wait(100))
    if (purges(data).find((each) => each.purgeId === purgeId)?.stage === "done") return true;
  return false;
}
