import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CrashDisk } from "@tributary/repository/faults/crash-disk";
import { parseSyscalls, straceArguments } from "@tributary/repository/faults/syscall-log";
import { seededRandom } from "../src/delivery/back-off.ts";
import { decodeFrames } from "../src/state/chunk-codec.ts";
import { blob } from "../src/state/column.ts";
import { sentKey } from "../src/state/sent-key.ts";
import { canary, config, toy, until } from "../test/support/running.ts";
import { channelArn, scene } from "../test/support/scene.ts";
import toyAdapter from "../test/support/toy-adapter.ts";
import { type IssuedRecord, Issuer } from "./issued-records.ts";
import { live } from "./life.ts";
import { oracleLake } from "./oracle-lake.ts";
import { oracleVendor } from "./oracle-vendor.ts";
import { Pusher } from "./pusher.ts";

export interface PowerLossVerdict {
  readonly answers: number;
  readonly images: number;
  /** Answers to a sender that left before the sync that covers its records. */
  readonly early: number;
  /** Disks after a power loss on which the state does not open, or lacks a record that was acknowledged, or that a cursor covers. */
  readonly broken: readonly string[];
}

interface World {
  readonly pushes: readonly (readonly IssuedRecord[])[];
  readonly polled: readonly IssuedRecord[];
}

/**
 * Runs `tributary run` under strace with a poller and a webhook, records each write and sync of its state and each answer to the
 * webhook's sender, and builds the disks that a power loss could leave: with exactly what was synced when each answer left, then
 * with random parts of what was not.
 */
export async function powerLoss(options: {
  readonly seed: number;
  readonly images: number;
  readonly program?: string;
  readonly env?: Record<string, string>;
}): Promise<PowerLossVerdict> {
  const random = seededRandom(options.seed);
  using place = scene();
  const lake = await oracleLake(random);
  const vendor = await oracleVendor();
  const pusher = new Pusher(canary, random);
  const pushed = new Issuer(toyAdapter, "lines", "push", random);
  const polled = new Issuer(toyAdapter, "lines", "poll", random);
  for (let n = 0; n < 30; n++) pusher.add(pushed.issue(5, true), `delivery-${n}`);
  for (const { text } of polled.issue(100, true)) vendor.events.push(text);
  const sources = `    poll: {url: "${vendor.url}", token: {env: TOKEN}, pollSeconds: 1, pageSize: 10}
    allowPrivate: [127.0.0.1]
    webhook: {path: /hooks/toy, options: {secrets: [{env: TOKEN}]}}`;
  const yaml = place.write("tributary.yaml", config(toy("toy", lake.endpoint, sources)));
  const argv = ["run", "--config", yaml, "--state", place.statePath, "--log", "json", "--client", "built-in"];
  try {
    const log = join(place.directory, "strace.log");
    const { program, env } = options;
    const life = live(argv, {
      program,
      env: { TOKEN: canary, ...env },
      under: ["strace", "--seccomp-bpf", ...straceArguments(log)],
    });
    life.onLine((line) => {
      if (!line.includes('"listening"')) return;
      const { url } = JSON.parse(line) as { url: string };
      // One after the other: the n-th answer is the n-th delivery's.
      void pusher.push(url, () => life.over, 1);
    });
    await until(() => life.over || (pusher.idle && vendor.readToEnd));
    life.kill("SIGKILL");
    await life.ended;
    const world = { pushes: pusher.deliveries.map(({ records }) => records), polled: polled.records };
    return judge(readFileSync(log, "latin1"), place.statePath, world, random, options.images);
  } finally {
    await lake.close();
    await vendor.close();
  }
}

function judge(log: string, statePath: string, world: World, random: () => number, images: number): PowerLossVerdict {
  const isOfState = (path: string) => path === statePath || path === `${statePath}-wal` || path === dirname(statePath);
  const calls = parseSyscalls(log).filter((call) => call.kind === "send" || isOfState(call.path));
  const disk = new CrashDisk(new Map());
  const folder = join(dirname(dirname(statePath)), "image");
  const broken: string[] = [];
  const cuts = new Set(Array.from({ length: images }, () => Math.floor(random() * calls.length)));
  let [answers, early, made] = [0, 0, 0];
  for (const [index, call] of calls.entries()) {
    if (call.kind !== "send") disk.play(call);
    else if (call.bytes.toString("latin1").startsWith("HTTP/1.1 200")) {
      const last = world.pushes.slice(answers, ++answers);
      if (
        missing(
          disk.image(() => 0),
          folder,
          { pushes: last, polled: world.polled },
        ).length > 0
      )
        early++;
    }
    if (!cuts.has(index)) continue;
    made++;
    const lost = missing(disk.image(random), folder, { pushes: world.pushes.slice(0, answers), polled: world.polled });
    if (lost.length > 0)
      broken.push(`cut ${index} of ${calls.length}: ${lost.slice(0, 3).join(", ")} (${lost.length})`);
  }
  return { answers, images: made, early, broken };
}

/** Opens an image as a restarted forwarder would; answers the acknowledged records, and those before the cursor, that it lacks. */
function missing(image: ReadonlyMap<string, Buffer>, folder: string, { pushes, polled }: World): readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [path, content] of image) writeFileSync(join(folder, basename(path)), content);
  try {
    const database = new DatabaseSync(join(folder, "forwarder.db"));
    try {
      const check = database.prepare("PRAGMA integrity_check").get() as { integrity_check: string };
      if (check.integrity_check !== "ok") return [`integrity: ${check.integrity_check}`];
      const [{ known }] = database.prepare("SELECT count(*) AS known FROM sqlite_schema").all() as [{ known: number }];
      // Nothing was acknowledged before there was a schema.
      if (known === 0) return pushes.flat().map(({ text }) => text);
      return missingIn(database, pushes, polled);
    } finally {
      database.close();
    }
  } catch (error) {
    return [`does not open: ${String(error)}`];
  }
}

function missingIn(
  database: DatabaseSync,
  pushes: World["pushes"],
  polled: readonly IssuedRecord[],
): readonly string[] {
  const spooled = database.prepare("SELECT frames FROM spool").all();
  const texts = new Set(
    spooled.flatMap(({ frames }) =>
      decodeFrames(blob(frames) ?? new Uint8Array()).map(({ bytes }) => Buffer.from(bytes).toString("utf8")),
    ),
  );
  const isSent = database.prepare("SELECT 1 FROM sent WHERE key = ?");
  const integrations = database.prepare("SELECT id FROM integration").all();
  const isThere = ({ text, event }: IssuedRecord) =>
    texts.has(text) ||
    integrations.some(
      ({ id }) => isSent.get(sentKey(Number(id), channelArn, event!.id, event!.eventData)) !== undefined,
    );
  const cursor = database.prepare("SELECT cursor FROM polled").get()?.["cursor"];
  const after = typeof cursor === "string" ? (JSON.parse(cursor) as { after: number }).after : 0;
  return [...pushes.flat(), ...polled.slice(0, after)].filter((one) => !isThere(one)).map(({ event }) => event!.id);
}
