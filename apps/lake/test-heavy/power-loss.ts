import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CrashDisk } from "@tributary/repository/faults/crash-disk";
import { parseSyscalls, straceArguments } from "@tributary/repository/faults/syscall-log";
import { unpackEvents } from "../src/journal/journal-line.ts";
import { drive } from "../bench/drive.ts";
import { signedRequests } from "../bench/signed-requests.ts";
import { controlClient, makeStoreAndChannel } from "./control-client.ts";
import { createIdentity, startLake, type PlantedFault } from "./lake-process.ts";
import { randomFrom } from "./random-from.ts";

export interface PowerLossVerdict {
  readonly answers: number;
  readonly images: number;
  /** (a) Answers that left before the sync that covers their events. */
  readonly early: number;
  /** (b) Crash images that cannot be opened or lack an acknowledged event. */
  readonly broken: readonly string[];
}

/**
 * Runs a lake under strace, records every write and sync of its catalog and every answer it sends, and builds the disks that a
 * power loss could leave: first exactly what was synced when each answer left, then random subsets of what was not.
 */
export async function powerLoss(options: {
  readonly seed: number;
  readonly images: number;
  readonly fault?: PlantedFault;
}): Promise<PowerLossVerdict> {
  const random = randomFrom(options.seed);
  const folder = mkdtempSync(join(tmpdir(), "tributary-power-"));
  const data = join(folder, "lake");
  try {
    const key = createIdentity(data, "111122223333", "power");
    // The channel is made before the recording, so that the recording holds the journal's writes alone.
    const before = await startLake(data);
    const client = controlClient(before.url, key);
    const { channelArn } = await makeStoreAndChannel(client, "power");
    client.destroy();
    await before.stop();
    const files = () =>
      readdirSync(data)
        .filter((name) => /\.sqlite(-wal)?$/.test(name))
        .map((name) => join(data, name));
    const initial = new Map(files().map((path) => [path, readFileSync(path)] as const));
    const log = join(folder, "strace.log");
    const lake = await startLake(data, { under: ["strace", ...straceArguments(log)], fault: options.fault });
    const target = { url: lake.url, region: "us-east-1", accountId: "111122223333", channelArn, ...key };
    await drive(lake.url, await signedRequests(target, 120, 5, 0, Math.floor(Date.now() / 1000) - 3600), 4);
    await lake.kill("group");
    return judge(readFileSync(log, "latin1"), initial, random, options.images, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(
  log: string,
  initial: ReadonlyMap<string, Buffer>,
  random: () => number,
  images: number,
  folder: string,
): PowerLossVerdict {
  const calls = parseSyscalls(log).filter(
    (call) => call.kind === "send" || call.kind === "sync" || /\.sqlite(-wal)?$/.test(call.path),
  );
  const disk = new CrashDisk(initial);
  const acknowledged: string[] = [];
  const broken: string[] = [];
  let answers = 0;
  let early = 0;
  let made = 0;
  // Cut points are spread over the recording; each gets its share of random images.
  const cuts = new Set(Array.from({ length: images }, () => Math.floor(random() * calls.length)));
  calls.forEach((call, index) => {
    if (call.kind === "send") {
      const ids = acknowledgedBy(call.bytes);
      if (ids.length > 0) {
        answers++;
        acknowledged.push(...ids);
        if (
          missing(
            disk.image(() => 0),
            ids,
            join(folder, "image"),
          ).length > 0
        )
          early++;
      }
    } else disk.play(call);
    if (!cuts.has(index)) return;
    made++;
    const lost = missing(disk.image(random), acknowledged, join(folder, "image"));
    if (lost.length > 0)
      broken.push(`cut ${index} of ${calls.length}: ${lost.slice(0, 3).join(", ")} (${lost.length})`);
  });
  return { answers, images: made, early, broken };
}

/** Ids in the `successful` list of an HTTP answer; none for any other bytes. */
function acknowledgedBy(bytes: Buffer): readonly string[] {
  const text = bytes.toString("utf8");
  if (!text.startsWith("HTTP/1.1 200") || !text.includes('"successful":')) return [];
  const { successful } = JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4)) as { successful: { eventID: string }[] };
  return successful.map(({ eventID }) => eventID);
}

/** Opens an image as a restarted lake would and answers which eventIDs are not in its journal; one word when it does not open. */
function missing(image: ReadonlyMap<string, Buffer>, wanted: readonly string[], folder: string): readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [path, content] of image) writeFileSync(join(folder, basename(path)), content);
  const name = [...image.keys()].map((path) => basename(path)).find((one) => one.endsWith(".sqlite"));
  if (name === undefined || !existsSync(join(folder, name))) return ["no catalog file"];
  try {
    const database = new DatabaseSync(join(folder, name));
    try {
      const check = database.prepare("PRAGMA integrity_check").get() as { integrity_check: string };
      if (check.integrity_check !== "ok") return [`integrity: ${check.integrity_check}`];
      const rows = database.prepare("SELECT bytes FROM journal").all() as { bytes: Uint8Array }[];
      const found = new Set(rows.flatMap((row) => unpackEvents(row.bytes)).map((event) => event.eventid));
      return wanted.filter((id) => !found.has(id));
    } finally {
      database.close();
    }
  } catch (error) {
    return [`does not open: ${String(error)}`];
  }
}
