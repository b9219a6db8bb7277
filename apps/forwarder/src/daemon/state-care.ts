import type { LimitsConfig } from "../config/config-schema.ts";
import type { Clock } from "../delivery/clock.ts";
import { foldSettled } from "../state/fold-settled.ts";
import type { StateDatabase } from "../state/state-database.ts";
import type { Log } from "./log.ts";

const careMs = 60_000;
/** Between two slices, so that those who write come in between. */
const sliceMs = 100;

/** Keeps the state small while a forwarder runs, a slice at a time. */
export class StateCare {
  readonly #options: { readonly clock: Clock; readonly database: StateDatabase; readonly log: Log };
  readonly #limits: () => LimitsConfig;
  #isEnded = false;
  #cancel: () => void = () => undefined;
  #caring: Promise<void> = Promise.resolve();

  /** @param limits as they are at the time */
  constructor(
    options: { readonly clock: Clock; readonly database: StateDatabase; readonly log: Log },
    limits: () => LimitsConfig,
  ) {
    this.#options = options;
    this.#limits = limits;
  }

  start(): void {
    this.#caring = this.#care();
  }

  /** Resolves when nothing of it is under way. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#cancel();
    await this.#caring;
  }

  async #care(): Promise<void> {
    const { clock, database, log } = this.#options;
    let more = false;
    try {
      const { rememberDays, droppedDays, droppedRecords } = this.#limits();
      more = await foldSettled(database, { now: clock.now(), rememberDays, droppedDays, droppedRecords });
    } catch (error) {
      log("error", `The state could not be written: ${String(error)}`, { code: "STATE_FAILED" });
    }
    if (!this.#isEnded) this.#cancel = clock.after(more ? sliceMs : careMs, () => this.start());
  }
}
