import { Courier, type CourierOptions, type Outcome, type Receipt } from "../delivery/courier.ts";
import type { Parcel } from "../delivery/parcel.ts";
import { states, type Store } from "../state/store.ts";
import type { Reason } from "./exception-row.ts";
import type { Ledger } from "./ledger.ts";
import type { LiveChunk } from "./live-chunk.ts";
import { entryBytes, keyOf, shaOf } from "./ready-chunk.ts";

/** Which record a parcel carries. */
export interface Ref {
  readonly chunk: LiveChunk;
  readonly record: number;
  readonly key: Uint8Array;
  readonly keyText: string;
  /** First 8 bytes of SHA-256 of the event. */
  readonly sha: Uint8Array;
}

/** An id on its way, or delivered and not committed yet; records that have the same id wait for its end. */
interface InHand {
  readonly sha: Uint8Array;
  /** What was sent under its key before, where that had other bytes. */
  readonly stored: Uint8Array | undefined;
  delivered: boolean;
  readonly followers: Parcel<Ref>[];
}

export interface AdmissionOptions extends Omit<CourierOptions<Parcel<Ref>>, "onSettled"> {
  readonly store: Store;
  readonly ledger: Ledger;
  /** Send an event again whose id was delivered with other bytes. */
  readonly resend: boolean;
  readonly onSettled: () => void;
}

/**
 * Decides for each queued record whether it is sent, and writes down how it ended. One id is under way once at a time:
 * an equal event is `already delivered` when the first one is, one with other bytes is `changed` (or sent, with resend).
 */
export class Admission {
  readonly courier: Courier<Parcel<Ref>>;
  readonly #options: AdmissionOptions;
  readonly #inHand = new Map<string, InHand>();
  #delivered: string[] = [];
  /** Delivered and committed, while a chunk is admitted: its look at the store may be from before. */
  #committed: string[] = [];
  #admitting = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.courier = new Courier<Parcel<Ref>>({
      ...options,
      onSettled: (outcomes, receipt) => this.#settled(outcomes, receipt),
    });
  }

  /** Hands the queued records of a chunk to the courier. The chunk's events are committed. */
  async admit(chunk: LiveChunk): Promise<void> {
    const parcels = this.#parcels(chunk);
    this.#admitting++;
    try {
      const known = await this.#options.store.sentAll(parcels.map(({ ref }) => ref.key));
      for (const [index, made] of parcels.entries()) this.#decide(made, known[index]);
    } finally {
      this.#admitting--;
      this.#forget();
    }
  }

  #parcels(chunk: LiveChunk): readonly Parcel<Ref>[] {
    const { ready } = chunk;
    const parcels: Parcel<Ref>[] = [];
    for (let record = 0; record < chunk.states.length; record++) {
      const entry = entryBytes(ready, record);
      if (chunk.states[record] !== states.queued || entry.length === 0) continue;
      const key = keyOf(ready, record);
      const keyText = latin1(key);
      const ref = { chunk, record, key, keyText, sha: shaOf(ready, record) };
      const made = { id: ready.ids[record]!, entry, bytes: entry.length, requests: 0, ref };
      if (this.courier.fits(made)) parcels.push(made);
      else this.#options.ledger.dead(chunk, record, tooLarge(made.bytes));
    }
    return parcels;
  }

  /** When a commit begins; to be called after it: the store knows then what was delivered, and this memory of it can go. */
  committing(): () => void {
    const delivered = this.#delivered;
    this.#delivered = [];
    return () => {
      this.#committed.push(...delivered);
      this.#forget();
    };
  }

  #forget(): void {
    if (this.#admitting > 0) return;
    for (const key of this.#committed) if (this.#inHand.get(key)?.delivered === true) this.#inHand.delete(key);
    this.#committed = [];
  }

  /** @param stored what the store knows of its key */
  #decide(made: Parcel<Ref>, stored: Uint8Array | undefined): void {
    const { ledger, resend } = this.#options;
    const { chunk, record, key, keyText, sha } = made.ref;
    const inHand = this.#inHand.get(keyText);
    if (inHand !== undefined && !inHand.delivered) {
      inHand.followers.push(made);
      return;
    }
    const known = inHand?.sha ?? stored;
    if (known !== undefined && same(sha, known)) ledger.already(chunk, record, key);
    else if (known !== undefined && !resend) ledger.settle(chunk, record, "changed");
    else {
      this.#inHand.set(keyText, { sha, stored: known, delivered: false, followers: [] });
      this.courier.add(made);
    }
  }

  #settled(outcomes: readonly Outcome<Parcel<Ref>>[], receipt: Receipt): void {
    // First: what is delivered names it.
    this.#options.ledger.receipt(receipt);
    for (const { parcel: made, verdict } of outcomes) {
      if (verdict.kind === "delivered") this.#onDelivered(made);
      else if (verdict.kind === "dead") this.#onDead(made, verdict);
      else this.#inHand.delete(made.ref.keyText); // stays queued, and so do its followers
    }
    this.#options.onSettled();
  }

  #onDelivered({ ref }: Parcel<Ref>): void {
    const { ledger } = this.#options;
    ledger.settle(ref.chunk, ref.record, "delivered");
    ledger.sent(ref.key, ref.sha);
    const inHand = this.#inHand.get(ref.keyText);
    if (inHand === undefined) return;
    inHand.delivered = true;
    this.#delivered.push(ref.keyText);
    for (const follower of inHand.followers.splice(0)) this.#decide(follower, undefined);
  }

  #onDead({ ref, requests }: Parcel<Ref>, reason: Reason): void {
    const { ledger } = this.#options;
    ledger.dead(ref.chunk, ref.record, reason, requests);
    const { followers = [], stored } = this.#inHand.get(ref.keyText) ?? {};
    this.#inHand.delete(ref.keyText);
    for (const follower of followers) {
      // The same bytes would be refused for the same reason; other bytes have their own chance.
      if (same(follower.ref.sha, ref.sha)) ledger.dead(follower.ref.chunk, follower.ref.record, reason);
      else this.#decide(follower, stored);
    }
  }
}

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

const latin1 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString("latin1");

function tooLarge(bytes: number): Reason {
  return {
    code: "REQUEST_TOO_LARGE",
    message: `Alone it makes a request body of ${bytes + 18} bytes, over the limit of a request. No server is asked.`,
  };
}
