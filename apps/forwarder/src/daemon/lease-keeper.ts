import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { TributaryError } from "@tributary/schema";
import type { Clock } from "../delivery/clock.ts";
import type { Leases, Member, Sharing } from "../state/leases.ts";
import type { StateTransaction } from "../state/state-database.ts";
import type { Holding } from "./holding.ts";
import type { Log } from "./log.ts";
import { reasonOf } from "./reason-of.ts";
import { shareOut } from "./share-out.ts";

/** An integration as far as it can be held. */
export interface Holdable {
  /** In the state. */
  readonly number: number;
  readonly plan: { readonly name: string };
  /** Also while it ends; undefined once it has ended. */
  readonly holding: Holding | undefined;
  hold(epoch: number): void;
  /** Ends what is under way, sends nothing more, and resolves when all has ended. */
  letGo(): Promise<void>;
}

export interface LeaseKeeperOptions {
  readonly leases: Leases;
  /** That no other has, nor had; random when left out. */
  readonly id?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** A forwarder that was not heard of for so long is dead. */
  readonly seconds: number;
  /** Those of this process, at each beat. */
  readonly integrations: () => readonly Holdable[];
}

/** Beats within the time after which a forwarder counts as dead. */
const beats = 5;

/** Keeps this process's share of the integrations of a state that several forwarders work on. */
export class LeaseKeeper {
  /** Integrations that were taken from a forwarder that had died, or that another took from this one. */
  readonly counts = { claimed: 0, lost: 0 };
  readonly #options: LeaseKeeperOptions;
  readonly #id: string;
  readonly #name = `${hostname()}:${process.pid}`;
  /** By the monotonic clock, and by the time of day. */
  #beatAt: readonly [monotonic: number, now: number] = [-Infinity, -Infinity];
  #beating: Promise<void> | undefined;
  #others = 0;
  #isAway = false;
  #isLeaving = false;
  #hasLeft = false;
  #cancel: () => void = () => undefined;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#id = options.id ?? randomUUID();
  }

  /** Whether other forwarders are at work, as of the last beat. */
  get hasOthers(): boolean {
    return this.#others > 0;
  }

  start(): void {
    void this.#next();
  }

  /** Takes no more integrations, and keeps those that it has. */
  stopClaiming(): void {
    this.#isLeaving = true;
  }

  /** Ends what is held and releases it: others may take it at once. What does not heed its end writes nothing more. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    await this.#beating;
    await Promise.all(this.#options.integrations().map(async ({ holding }) => await holding?.end(AbortSignal.abort())));
    this.#hasLeft = true;
    this.#cancel();
    await this.#beating;
    try {
      await this.#options.leases.leave(this.#member());
    } catch (error) {
      this.#options.log("warn", `the leases were not released, and end by themselves: ${reasonOf(error).message}`);
    }
  }

  /**
   * Resolves when this process was heard of just now, so that no other has taken over. Rejects where that cannot be told: nothing
   * must be sent then.
   */
  async sure(): Promise<void> {
    const { seconds } = this.#options;
    if (this.#sinceBeat() < (seconds * 1000) / 2) return;
    await this.#beat();
    if (this.#sinceBeat() >= seconds * 1000)
      throw new TributaryError("Whether another forwarder has taken over cannot be told now.", {
        code: "STATE_UNREACHABLE",
        retryable: true,
      });
  }

  /** Within a transaction: throws `LEASE_LOST` unless this process holds the integration under this epoch. */
  async check(transaction: StateTransaction, integration: number, epoch: number): Promise<void> {
    await this.#options.leases.check(transaction, { integration, epoch }, this.#member());
  }

  /** ms, at least. A monotonic clock stands still while the machine sleeps, and the others go on; the time of day may be moved. */
  #sinceBeat(): number {
    const { clock } = this.#options;
    const [monotonic, now] = this.#beatAt;
    return Math.max(clock.monotonic() - monotonic, Math.abs(clock.now() - now));
  }

  async #next(): Promise<void> {
    const { clock, seconds } = this.#options;
    await this.#beat();
    if (this.#hasLeft) return;
    this.#cancel = clock.after((seconds * 1000) / beats, () => void this.#next());
  }

  #beat(): Promise<void> {
    this.#beating ??= this.#beatOnce().finally(() => (this.#beating = undefined));
    return this.#beating;
  }

  async #beatOnce(): Promise<void> {
    const { leases, clock, log, seconds } = this.#options;
    try {
      const at = [clock.monotonic(), clock.now()] as const;
      const member = this.#member();
      const sharing = await leases.beat(member, seconds);
      this.#beatAt = at;
      this.#others = sharing.members.length - 1;
      if (this.#isAway) log("info", "the state can be reached again");
      this.#isAway = false;
      this.#dropLost(sharing);
      await this.#share(member, sharing);
    } catch (error) {
      // Nothing is sent and nothing written meanwhile; what is held is held again, or lost, at the next beat.
      const { code, message } = reasonOf(error);
      if (!this.#isAway) log("error", `the leases cannot be kept: ${message}`, { code });
      this.#isAway = true;
    }
  }

  #member(): Member {
    // What still ends cannot be held again yet.
    const free = this.#options.integrations().filter(({ holding }) => holding?.isEnding !== true);
    return { id: this.#id, name: this.#name, integrations: this.#isLeaving ? [] : free.map(({ number }) => number) };
  }

  #dropLost({ members, leases }: Sharing): void {
    const { integrations, log } = this.#options;
    for (const one of integrations()) {
      const { holding } = one;
      if (holding === undefined || holding.isEnding) continue;
      const lease = leases.find(({ integration }) => integration === one.number);
      if (lease?.holder === this.#id && lease.epoch === holding.epoch) continue;
      this.counts.lost++;
      const other = members.find(({ id }) => id === lease?.holder)?.name ?? "another forwarder";
      log("warn", `taken over by ${other}: this one was not heard of in time`, {
        integration: one.plan.name,
        code: "LEASE_LOST",
      });
      void one.letGo();
    }
  }

  async #share(member: Member, sharing: Sharing): Promise<void> {
    if (this.#isLeaving) return;
    const { leases, integrations, log, seconds } = this.#options;
    const known = new Map(integrations().map((one) => [one.number, one]));
    for (const { integration, holder, epoch } of sharing.leases) {
      if (holder !== this.#id) continue;
      const one = known.get(integration);
      // The answer to its claim was lost, or a reload started it anew; or the configuration has it no more.
      if (one === undefined) await leases.release({ integration, epoch }, member);
      else if (one.holding === undefined) one.hold(epoch);
    }
    const { claim, release } = shareOut(member, sharing);
    for (const number of release) {
      const one = known.get(number);
      if (one?.holding !== undefined && !one.holding.isEnding) void this.#release(one, one.holding.epoch);
    }
    for (const number of claim) {
      const one = known.get(number);
      if (one === undefined || one.holding !== undefined || this.#isLeaving) continue;
      const before = sharing.leases.find(({ integration }) => integration === number)?.holder;
      const epoch = await leases.claim(number, member, seconds);
      if (epoch === undefined) continue;
      one.hold(epoch);
      if (before !== undefined) this.counts.claimed++;
      log(
        "info",
        before === undefined ? "held by this forwarder" : "taken over from a forwarder that is not heard of",
        {
          integration: one.plan.name,
        },
      );
    }
  }

  async #release(one: Holdable, epoch: number): Promise<void> {
    const { leases, log } = this.#options;
    try {
      await one.letGo();
      await leases.release({ integration: one.number, epoch }, this.#member());
      log("info", "released for another forwarder", { integration: one.plan.name });
    } catch (error) {
      log("warn", `was not released: ${reasonOf(error).message}`, { integration: one.plan.name });
    }
  }
}
