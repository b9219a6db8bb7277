import { type JournalEvent, packText } from "./journal-line.ts";

/**
 * Events of one request, a list for each member they differ in: the cheapest message to a thread. The lines are written there.
 * The lists are equally long.
 */
export interface JournalRun extends Pick<
  JournalEvent,
  "ingestiontime" | "channelarn" | "awsregion" | "recipientaccountid"
> {
  readonly eventids: readonly string[];
  readonly eventtimes: readonly number[];
  readonly eventdatas: readonly string[];
}

/** A buffer that has grown larger is not kept. */
const keptBytes = 4 * 1024 ** 2;

/** Packs runs into journal rows, as `packLines` packs the lines of their events. It keeps its buffer: fresh memory costs more than filling it. */
export class RunPacker {
  #buffer = Buffer.allocUnsafeSlow(1024 ** 2);
  #used = 0;

  pack(runs: readonly JournalRun[]): { readonly events: number; readonly bytes: Uint8Array } {
    this.#used = 0;
    let events = 0;
    for (const run of runs) {
      events += run.eventids.length;
      this.#add(run);
    }
    const bytes = packText(this.#buffer.subarray(0, this.#used));
    if (this.#buffer.length > keptBytes) this.#buffer = Buffer.allocUnsafeSlow(keptBytes);
    return { events, bytes };
  }

  /** The members in the order of `journalLine`. */
  #add({ eventids, eventtimes, eventdatas, ...common }: JournalRun): void {
    const { ingestiontime, channelarn, awsregion, recipientaccountid } = common;
    const middle = `,${JSON.stringify({ ingestiontime, channelarn, awsregion, recipientaccountid }).slice(1, -1)},"eventdata":`;
    for (const [at, eventid] of eventids.entries()) {
      this.#write(`{"eventid":${JSON.stringify(eventid)},"eventtime":${eventtimes[at]!}${middle}`);
      this.#write(JSON.stringify(eventdatas[at]!));
      this.#write("}\n");
    }
  }

  #write(text: string): void {
    // A UTF-16 unit is at most three bytes.
    if (this.#used + 3 * text.length > this.#buffer.length) this.#grow(3 * text.length);
    this.#used += this.#buffer.write(text, this.#used, "utf8");
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, this.#used + bytes));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}
