import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expects, shown } from "../core/unmet.ts";
import type { Identity } from "../wire/identity.ts";
import { ScriptedLake, type Script } from "./scripted-lake.ts";
import type { ShipperRun, ShipperSubject } from "./shipper-subject.ts";

/** What the checks of a shipper act on. */
export interface ShipperWorld {
  readonly subject: ShipperSubject;
  /** Records that the shipper reads, one a line, each mapped to one event of its own. */
  readonly records: readonly string[];
  /** Longest run, ms. */
  readonly timeoutMs: number;
}

const region = "us-east-1";
const identity: Identity = {
  accountId: "111122223333",
  accessKeyId: "CONFORMANCESHIPPER01",
  secretAccessKey: "shipper/secret+1234",
};
const channelArn = `arn:aws:cloudtrail:${region}:${identity.accountId}:channel/2f1d8f5e-0d3a-4c57-8a52-5b1c7e6f9a10`;
export const externalId = "conformance-external-id";

/** A lake of its own, a state of its own, and as many runs as a check wants. */
export interface Scenario {
  readonly lake: ScriptedLake;
  readonly run: (options?: { readonly kill?: AbortSignal; readonly timeoutMs?: number }) => Promise<ShipperRun>;
}

/**
 * Plays a scenario, in which something must be sent: `count` records, a script of faults, one run or more.
 * @param lines the records; all by default
 */
export async function play(
  world: ShipperWorld,
  script: Script,
  scenes: (scenario: Scenario) => Promise<void>,
  lines: readonly string[] = world.records,
): Promise<void> {
  const lake = await ScriptedLake.start(identity, region);
  const place = mkdtempSync(join(tmpdir(), "conformance-shipper-"));
  const records = join(place, "records.ndjson");
  writeFileSync(records, lines.map((line) => `${line}\n`).join(""));
  lake.script = script;
  const setting = {
    endpoint: lake.endpoint,
    region,
    channelArn,
    externalId,
    accessKeyId: identity.accessKeyId,
    secretAccessKey: identity.secretAccessKey,
    records,
    state: join(place, "state"),
  };
  try {
    await scenes({
      lake,
      run: ({ kill, timeoutMs = world.timeoutMs } = {}) =>
        world.subject.run(setting, { timeoutMs, ...(kill !== undefined && { kill }) }),
    });
    // Whoever sends nothing does nothing wrong: that proves nothing.
    expects(lake.calls.length > 0, "calls of PutAuditEvents", "none");
  } finally {
    await lake.close();
    rmSync(place, { recursive: true, force: true });
  }
}

/** Throws `Unmet` unless as many events are stored as there were records, each under one id with one text. */
export function allStored(lake: ScriptedLake, count: number): void {
  expects(lake.stored.size === count, `${count} events in the lake`, `${lake.stored.size}`);
  sameBytes(lake);
}

/** Throws `Unmet` when one id was stored with two texts. */
export function sameBytes(lake: ScriptedLake): void {
  for (const [id, texts] of lake.stored)
    expects(new Set(texts).size === 1, `the same bytes each time ${id} is sent`, shown([...new Set(texts)]));
}

/** No faults. */
export const quiet: Script = () => undefined;

/** Throws `Unmet` when a run did not end in time; else goes on to what holds after it. */
export function finished({ timedOut }: { readonly timedOut: boolean }, then: () => void): void {
  expects(!timedOut, "a run that ends", "it did not end in time");
  then();
}
