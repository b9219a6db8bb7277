import type { OutgoingEvent, SendAnswer } from "../../src/delivery/sender.ts";

/** What a lake does with one request. What ends in `one` happens to its first event alone. */
export const acts = [
  "take",
  "take slowly",
  "take, no answer",
  "take, drop",
  "drop",
  "refuse one",
  "throttle one",
  "miss one",
  "take, miss one",
  "contradict one",
  "poison",
  "throttle",
  "no rights",
  "failure",
] as const;
export type Act = (typeof acts)[number];

/** After `ms` of the world's, an answer or what the client throws. */
export interface Reaction {
  readonly ms: number;
  readonly answer?: SendAnswer;
  readonly error?: Error;
}

const failure = (name: string, status: number, headers: Readonly<Record<string, string>> = {}) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status }, $response: { headers } });
const reset = () => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

/** Every fourth event is what a lake that acts by `poison` takes in no request. */
export const isPoison = (id: string): boolean => Number(id.split("-").at(-1)) % 4 === 3;

/** One channel of a lake, with memory, that acts by a script in a circle. */
export class SimulatedLake {
  /** eventData of each id. One of our lakes keeps a row for each pair. */
  readonly stored = new Map<string, Set<string>>();
  /** Ids that it said it takes never. */
  readonly refused = new Set<string>();
  acts: readonly Act[];
  requests = 0;

  constructor(first: readonly Act[]) {
    this.acts = first;
  }

  /** @param onStored told of each event that is stored, also again */
  receive(events: readonly OutgoingEvent[], onStored: (event: OutgoingEvent) => void): Reaction {
    const act = this.acts[this.requests++ % this.acts.length]!;
    if (act === "drop") return { ms: 10, error: reset() };
    if (act === "failure") return { ms: 10, error: failure("InternalFailure", 500) };
    if (act === "throttle") return { ms: 10, error: failure("ThrottlingException", 429, { "retry-after": "5" }) };
    if (act === "no rights") return { ms: 10, error: failure("ChannelInsufficientPermission", 400) };
    if (act === "poison" && events.some(({ id }) => isPoison(id))) {
      if (events.length === 1) this.refused.add(events[0]!.id);
      return { ms: 10, error: failure("ValidationException", 400) };
    }
    const odd = act.endsWith(" one") ? events[0]!.id : undefined;
    const isTaken = (id: string) => id !== odd || act === "take, miss one" || act === "contradict one";
    for (const event of events) {
      if (!isTaken(event.id)) continue;
      this.stored.set(event.id, (this.stored.get(event.id) ?? new Set()).add(event.eventData));
      onStored(event);
    }
    if (act === "take, drop") return { ms: 10, error: reset() };
    if (act === "take, no answer") return { ms: 60_000, error: failure("TimeoutError", 408) };
    if (odd !== undefined && act === "refuse one") this.refused.add(odd);
    const successful = events
      .filter(({ id }) => id !== odd || act === "contradict one")
      .map(({ id }) => ({ id, eventID: "e" }));
    const errorCode = act === "throttle one" ? "Throttling" : "InvalidData";
    const failed = odd === undefined || act.endsWith("miss one") ? [] : [{ id: odd, errorCode, errorMessage: "no" }];
    return { ms: act === "take slowly" ? 3000 : 10, answer: { successful, failed } };
  }
}
