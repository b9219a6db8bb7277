import type { Clock } from "../clock.ts";
import type { JournalWriter } from "../journal/journal-writer.ts";

export interface ReadinessSources {
  readonly journal: Pick<JournalWriter, "writable" | "backlog">;
  readonly careAlive: () => boolean;
  readonly stopping: () => boolean;
  readonly clock: Clock;
}

/** How long a trial write stands, so that whoever asks often does not write often. */
const trialMs = 2000;

/**
 * Names what is not ready, in one word each: `catalog` cannot be written, or the journal's thread does not answer; `disk` has no
 * room for compaction; `care` is not running; `stopping`.
 */
export class Readiness {
  readonly #sources: ReadinessSources;
  #trial: { readonly at: number; readonly writable: Promise<boolean> } | undefined;

  constructor(sources: ReadinessSources) {
    this.#sources = sources;
  }

  async unready(): Promise<readonly string[]> {
    const { journal, careAlive, stopping } = this.#sources;
    if (stopping()) return ["stopping"];
    const writable = await this.#writable();
    return [
      ...(writable ? [] : ["catalog"]),
      ...(journal.backlog().verdict === "stop" ? ["disk"] : []),
      ...(careAlive() ? [] : ["care"]),
    ];
  }

  #writable(): Promise<boolean> {
    const now = this.#sources.clock.monotonic();
    if (this.#trial === undefined || now - this.#trial.at >= trialMs)
      this.#trial = { at: now, writable: this.#sources.journal.writable() };
    return this.#trial.writable;
  }
}
