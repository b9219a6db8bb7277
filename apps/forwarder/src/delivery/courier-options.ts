import type { BackOff } from "./back-off.ts";
import type { BatchLimits } from "./batcher.ts";
import type { Clock } from "./clock.ts";
import type { Verdict } from "./read-answer.ts";
import type { SendAnswer, Sender } from "./sender.ts";

/** The end of one parcel's way. `left`: its attempts are used up; it stays queued for a later run. */
export type Outcome<P> = {
  readonly parcel: P;
  readonly verdict: Verdict | { readonly kind: "left"; readonly code: string };
};

/** One request that was answered, or refused as a whole. */
export interface Receipt {
  readonly requestId: string;
  readonly events: number;
  readonly delivered: number;
  /** Empty for status 200. */
  readonly refusal: string;
}

export interface CourierOptions<P> {
  readonly sender: Sender;
  readonly channelArn: string;
  readonly externalId?: string | undefined;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly backOff?: BackOff | undefined;
  readonly limits?: BatchLimits | undefined;
  /** Requests in flight at once at most, 16 by default; how many there are adapts to the answers. */
  readonly concurrency?: number | undefined;
  /** Does what sends a batch, and answers its answer: for who watches. */
  readonly around?: ((parcels: readonly P[], send: () => Promise<SendAnswer>) => Promise<SendAnswer>) | undefined;
  /** Called once per settled parcel, several at a time, in the same turn as the answer was read. Must not throw. */
  readonly onSettled: (outcomes: readonly Outcome<P>[], receipt: Receipt) => void;
}
