import { createHmac } from "node:crypto";
import { mapFrame, secretFrom } from "@tributary/adapter-kit";
import { expect } from "vitest";
import { configSchema } from "../../src/config/config-schema.ts";
import type { IntegrationPlan } from "../../src/config/integration-plan.ts";
import { withDefaults } from "../../src/config/with-defaults.ts";
import { Integration, type IntegrationWorld } from "../../src/daemon/integration.ts";
import { seededRandom } from "../../src/delivery/back-off.ts";
import type { Sender } from "../../src/delivery/sender.ts";
import { askReplay } from "../../src/state/ask-replay.ts";
import { openStateFile } from "../../src/state/sqlite-state.ts";
import type { StateDatabase } from "../../src/state/state-database.ts";
import { stateReport } from "../../src/state/state-report.ts";
import { type Death, mortalState } from "./mortal-state.ts";
import { channelArn } from "./scene.ts";
import toy from "./toy-adapter.ts";
import { virtualClock } from "./virtual-clock.ts";

const accountId = "111122223333";
const secret = "a-secret-of-the-webhook";
export const behaviours = [
  "take",
  "take",
  "take",
  "drop",
  "drop after",
  "refuse one",
  "throttle one",
  "miss one",
  "no rights",
  "500",
] as const;
type Behaviour = (typeof behaviours)[number];

export type Step =
  | { readonly do: "push"; readonly kinds: readonly ("good" | "noise" | "broken")[]; readonly isKeyed: boolean }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "replay" };

/** A process, from its start to its death or its end. */
export interface Life {
  readonly steps: readonly Step[];
  /** The how manyeth transaction of the state; 0 for none. */
  readonly dieAt: number;
  readonly death: Death;
  /** What the lake does, in a circle. */
  readonly acts: readonly Behaviour[];
}

/** A lake with memory that acts by a script, in a circle. */
class Lake {
  readonly stored = new Map<string, Set<string>>();

  sender(acts: readonly Behaviour[], isDead: () => boolean): Sender {
    let request = 0;
    return {
      send: async ({ auditEvents }) => {
        await Promise.resolve();
        if (isDead()) return await new Promise<never>(() => undefined);
        const act = acts[request++ % acts.length]!;
        if (act === "drop") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
        if (act === "500") throw failure("InternalFailure", 500);
        if (act === "no rights") throw failure("ChannelInsufficientPermission", 400);
        const [odd] = auditEvents;
        const isOdd = (id: string) => id === odd!.id && act.endsWith("one");
        for (const { id, eventData } of auditEvents)
          if (!isOdd(id) || act === "miss one") this.stored.set(id, (this.stored.get(id) ?? new Set()).add(eventData));
        if (act === "drop after") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
        const errorCode = act === "refuse one" ? "InvalidData" : "Throttling";
        return {
          successful: auditEvents.filter(({ id }) => !isOdd(id)).map(({ id }) => ({ id, eventID: "e" })),
          failed: act === "miss one" || !act.endsWith("one") ? [] : [{ id: odd!.id, errorCode, errorMessage: "no" }],
        };
      },
      close: () => undefined,
    };
  }
}

const failure = (name: string, status: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

const breathe = async (turns: number) => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
};

interface Issued {
  readonly text: string;
  readonly kind: "good" | "noise" | "broken";
  readonly event: { readonly id: string; readonly eventData: string } | undefined;
  isAcknowledged: boolean;
}

/** One state in memory, and the lives of processes on it. */
export class World {
  readonly lake = new Lake();
  readonly issued: Issued[] = [];
  readonly database: StateDatabase = openStateFile(":memory:");
  deaths = 0;
  #now = Date.UTC(2026, 0, 2);
  #deliveries = 0;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  async live({ steps, dieAt, death, acts }: Life): Promise<void> {
    const clock = virtualClock(this.#now);
    const state = mortalState(this.database, dieAt, death);
    const begun = (async () => {
      const integration = await Integration.start(await plan(), this.#world(state, clock, acts));
      for (const one of steps) {
        await this.#do(one, integration, clock);
        await breathe(6);
      }
      if (acts.length === 1 && dieAt === 0) await this.#calm(integration, clock);
      else await clock.run(5000);
      const deadline = new AbortController();
      clock.after(30_000, () => deadline.abort());
      const stopped = integration.stop(deadline.signal);
      await clock.run(60_000);
      await breathe(4);
      await Promise.race([stopped, state.death]);
    })();
    await Promise.race([begun, state.death]);
    // Whatever it had begun ends without it.
    await breathe(4);
    if (state.isDead) this.deaths++;
    this.#now = clock.now() + 1000;
  }

  async #calm(integration: Integration, clock: ReturnType<typeof virtualClock>): Promise<void> {
    for (let turn = 0; turn < 200; turn++) {
      await clock.run(5000);
      await breathe(4);
      const asked = Number((await this.database.get("SELECT count(*) AS n FROM asked"))!["n"]);
      if (asked === 0 && (await integration.intake.count()) === 0) return;
    }
  }

  async #do(one: Step, { receiver }: Integration, clock: ReturnType<typeof virtualClock>): Promise<void> {
    if (one.do === "wait") return await clock.run(one.ms);
    if (one.do === "replay") return void (await askReplay(this.database, {}, clock.now()));
    const fresh = one.kinds.map((kind) => this.#issue(kind));
    const body = Buffer.from(fresh.map(({ text }) => `${text}\n`).join(""));
    const headers = new Headers({ "x-toy-signature": createHmac("sha256", secret).update(body).digest("hex") });
    if (one.isKeyed) headers.set("x-toy-delivery", `delivery-${this.#deliveries++}`);
    const { status } = await receiver!.receive({
      method: "POST",
      url: new URL("http://localhost/hooks/toy"),
      headers,
      body,
    });
    if (status !== 200) throw new Error(`a push was answered ${status}`);
    for (const record of fresh) record.isAcknowledged = true;
  }

  #issue(kind: Issued["kind"]): Issued {
    const id = `id-${this.issued.length}`;
    const at = kind === "broken" ? "never" : "2026-01-01T00:00:00Z";
    const text = JSON.stringify({ at, what: kind === "noise" ? "noise" : "Login", id });
    const origin = { receivedAt: "2026-01-01T00:00:00.000Z", occurrence: 0 };
    const [result] = mapFrame(toy, "lines", Buffer.from(text), { accountId, origin });
    const event = result?.kind === "event" ? { id: result.id, eventData: result.eventData } : undefined;
    const record = { text, kind, event, isAcknowledged: false };
    this.issued.push(record);
    return record;
  }

  #world(
    database: StateDatabase & { readonly isDead: boolean },
    clock: IntegrationWorld["clock"],
    acts: Life["acts"],
  ): IntegrationWorld {
    return {
      database,
      clock,
      random: this.#random,
      limits,
      log: () => undefined,
      scrub: (text) => text,
      openSender: () => Promise.resolve(this.lake.sender(acts, () => database.isDead)),
      backOff: { baseMs: 10, capMs: 100, maxAttempts: 3, giveUpAfterMs: 10_000 },
    };
  }
}

const { limits } = withDefaults(configSchema, { integrations: [] }) as { limits: IntegrationWorld["limits"] };

async function plan(): Promise<IntegrationPlan> {
  const webhook = await toy.webhook!();
  return {
    name: "toy",
    adapter: toy,
    builtIn: true,
    options: undefined,
    destinations: [
      {
        name: "",
        arn: channelArn,
        accountId,
        region: "us-east-1",
        externalId: undefined,
        endpoint: undefined,
        fips: undefined,
        dualStack: undefined,
        ca: undefined,
        requestsPerSecond: 0,
      },
    ],
    poll: undefined,
    webhook: { webhook, options: { secrets: [secretFrom(secret)] }, path: "/hooks/toy" },
    files: undefined,
    syslog: undefined,
    bulk: undefined,
    s3: undefined,
    since: undefined,
    allowPrivate: [],
    fingerprint: "x",
  };
}

/** Holds what came of each record against what was issued. */
export async function judge({ database, issued, lake }: World): Promise<void> {
  const [report] = await stateReport(database);
  const letters = await database.all("SELECT event_id, code FROM exception WHERE kind = 'dead'");
  const dead = new Set(letters.map((row) => row["event_id"]));
  const known = new Map(issued.flatMap(({ event }) => (event === undefined ? [] : [[event.id, event.eventData]])));
  for (const [id, texts] of lake.stored) expect([...texts]).toEqual([known.get(id)]);
  for (const { event, kind, isAcknowledged } of issued)
    if (kind === "good" && isAcknowledged) expect(lake.stored.has(event!.id) || dead.has(event!.id)).toBe(true);
  if (report === undefined) return;
  const { counts, unmapped } = report;
  expect({ queued: counts.queued, unmapped, changed: counts.changed }).toEqual({ queued: 0, unmapped: 0, changed: 0 });
  const ends = counts.delivered + counts.already + counts.dead + counts.dropped;
  expect(counts.read).toBe(ends);
  expect(ends).toBeGreaterThanOrEqual(issued.filter(({ isAcknowledged }) => isAcknowledged).length);
  expect(ends).toBeLessThanOrEqual(issued.length);
  expect(counts.delivered).toBeLessThanOrEqual(lake.stored.size);
}
