import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { Daemon } from "../daemon/daemon.ts";
import { logWriter } from "../daemon/log.ts";
import { Scrubber } from "../daemon/scrubber.ts";
import { seededRandom } from "../delivery/back-off.ts";
import { clientSender } from "../delivery/client-sender.ts";
import { systemClock } from "../delivery/clock.ts";
import { SharedRates } from "../delivery/shared-rates.ts";
import { type Backfill, Backfills } from "../state/backfills.ts";
import type { StateDatabase } from "../state/state-database.ts";
import { group } from "../terminal/table.ts";
import { followBackfill } from "./backfill-follow.ts";
import type { Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";

export interface BackfillWork {
  readonly database: StateDatabase;
  readonly config: LoadedConfig;
  readonly plan: IntegrationPlan;
  readonly backfill: Backfill;
  readonly client: "auto" | "aws-sdk" | "built-in" | undefined;
  readonly json: boolean;
}

const lookMs = 200;

/** Reads one integration's past and delivers it, without its live sources, in this process. */
export async function workBackfill(work: BackfillWork, io: Io): Promise<number> {
  const { database, config, plan, backfill, client, json } = work;
  const scrubber = new Scrubber();
  const rates = new SharedRates(systemClock);
  const log = logWriter(io.stderr, json ? "json" : "plain", () => systemClock.now(), scrubber.scrub);
  const alone: LoadedConfig = { ...config, integrations: [plan], listen: undefined, syslog: [] };
  const daemon = await Daemon.start(
    {
      database,
      load: () => Promise.resolve(alone),
      stateOf: () => "",
      clock: systemClock,
      random: seededRandom(randomInt(2 ** 32)),
      log,
      scrubber,
      openSender: (to) => clientSender({ ...to, client, env: io.env, rate: rates.of(to) }),
      network: { env: io.env },
      backfillsOnly: true,
    },
    alone,
  );
  const code = await followBackfill(new Backfills(database), backfill.id, json, io);
  await sent(daemon, io.signal);
  const left = await daemon.stop(config.limits.drainSeconds);
  const [status] = await daemon.status();
  for (const { name: destination, counts, queued } of status?.destinations ?? []) {
    const { delivered, alreadyDelivered: already, changed, dead, dropped } = counts.tally;
    io.stdout.write(
      json
        ? `${JSON.stringify({ destination, delivered, already, changed, dead, dropped, queued })}\n`
        : `${destination === "" ? "" : `${destination}: `}${group(delivered)} delivered, ${group(already)} already delivered, ${group(changed)} changed, ${group(dead)} dead, ${group(dropped)} dropped\n`,
    );
  }
  if (!json && left > 0) io.stdout.write(`${group(left)} queued\n`);
  if (code !== exitCodes.ok) return code;
  return left > 0 ? exitCodes.queued : exitCodes.ok;
}

/** Resolves when nothing is queued, when what is queued waits for a channel that refuses, or when the signal aborts. */
async function sent(daemon: Daemon, signal: AbortSignal): Promise<void> {
  for (;;) {
    const queued = (await daemon.status()).flatMap(({ destinations }) => destinations.filter((one) => one.queued > 0));
    if (signal.aborted || queued.every(({ parked }) => parked !== undefined)) return;
    await wait(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
