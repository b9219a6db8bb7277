import type { LimitsConfig } from "../config/config-schema.ts";
import type { Clock } from "../delivery/clock.ts";
import { type ChunkDamage, damageText } from "../pipeline/chunk-damage.ts";
import { damageCode } from "../state/damage.ts";
import type { SourceState } from "../state/source-state.ts";
import type { Log } from "./log.ts";
import { Parking, type Reason } from "./parking.ts";
import { reasonOf } from "./reason-of.ts";

/** One fault is logged once in so many ms. */
const faultMs = 10_000;

/** What {@link Troubles} needs of a process. */
export interface TroublesWorld {
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: Pick<LimitsConfig, "parkSeconds">;
  readonly log: Log;
  /** Of texts that go to the state. */
  readonly scrub: (text: string) => string;
}

/** What goes wrong in one integration: counted, logged, and written to the state for `tributary status`. */
export class Troubles {
  readonly #integration: string;
  readonly #world: TroublesWorld;
  readonly #counts = new Map<string, number>();
  #lastFault: { readonly message: string; readonly file: string | undefined; readonly at: number } | undefined;

  constructor(integration: string, world: TroublesWorld) {
    this.#integration = integration;
    this.#world = world;
  }

  /** Since the start, by code. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /**
   * Where a part waits after a refusal.
   * @param state of the part @param destination empty where there is one alone, or none is meant
   */
  parking(part: string, state: SourceState, destination = ""): Parking {
    const about = destination === "" ? {} : { destination };
    const { clock, random, limits } = this.#world;
    return new Parking({
      clock,
      random,
      seconds: limits.parkSeconds,
      onWorks: () => this.over(part, state),
      onChange: (reason, waitSeconds) => {
        if (reason === undefined) this.over(part, state);
        else this.#told(part, state, reason);
        if (reason === undefined) return this.log("info", `${part} goes on`, about);
        this.#count(reason.code);
        this.log("error", `${part} is parked: ${reason.message}`, {
          ...about,
          code: reason.code,
          ...(waitSeconds === undefined ? { until: "SIGHUP" } : { retryInSeconds: Math.round(waitSeconds) }),
        });
      },
    });
  }

  /** Something that is tried again by itself, in so many ms. */
  waits({ code, message }: Reason, waitMs: number): void {
    this.#count(code);
    this.log("warn", message, { code, retryInSeconds: Math.round(waitMs / 1000) });
  }

  /** What a person may have to look at, and stops nothing. @param state of the part */
  fault(error: unknown, part: string, state: SourceState, file?: string): void {
    const reason = reasonOf(error);
    this.#count(reason.code);
    this.#told(part, state, reason);
    // A sender may come again and again while the disk is full.
    const now = this.#world.clock.now();
    const last = this.#lastFault;
    if (last?.message === reason.message && last.file === file && Math.abs(now - last.at) < faultMs) return;
    this.#lastFault = { message: reason.message, file, at: now };
    this.log("error", reason.message, { code: reason.code, file });
  }

  /** Its letters tell `tributary status`, as long as they are there. */
  damaged(damage: ChunkDamage): void {
    this.#count(damageCode);
    const level = damage.lost > 0 ? "error" : "warn";
    this.log(level, damageText(damage), { code: damageCode, file: damage.source });
  }

  log(level: "info" | "warn" | "error", message: string, fields: Parameters<Log>[2] = {}): void {
    this.#world.log(level, message, { integration: this.#integration, ...fields });
  }

  /** A part goes on, or what it said with this code is over. @param state of the part */
  over(part: string, state: SourceState, code?: string): void {
    void this.#write(state.troubleOver(part, this.#world.clock.now(), code));
  }

  #told(part: string, state: SourceState, { code, message }: Reason): void {
    const { scrub, clock } = this.#world;
    void this.#write(state.trouble(part, clock.now(), { code, message: scrub(message) }));
  }

  /** For `tributary status`; the process goes on without it. */
  async #write(written: Promise<void>): Promise<void> {
    try {
      await written;
    } catch (error) {
      this.log("error", `The state could not be written: ${String(error)}`, { code: "STATE_FAILED" });
    }
  }

  #count(code: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }
}
