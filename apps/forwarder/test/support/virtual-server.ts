import type { RequestRate } from "../../src/delivery/request-rate.ts";
import type { OutgoingEvent, SendAnswer, Sender } from "../../src/delivery/sender.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** A request as the virtual server saw it. */
export interface Seen {
  /** ms since the clock began. */
  readonly at: number;
  readonly events: readonly OutgoingEvent[];
  /** Requests in flight, this one included. */
  readonly inFlight: number;
  readonly number: number;
}

/** After `ms` an answer or, by `error`, what the client throws. Without an answer all are delivered. */
export interface Reaction {
  readonly ms: number;
  readonly answer?: SendAnswer;
  readonly error?: unknown;
}

export interface VirtualServer extends Sender {
  readonly seen: Seen[];
  /** How often each id was delivered. */
  readonly delivered: Map<string, number>;
  readonly mostInFlight: number;
}

/** A {@link Sender} whose answers take virtual time. */
export function virtualServer(
  clock: VirtualClock,
  react: (request: Seen) => Reaction,
  rate?: RequestRate,
): VirtualServer {
  const seen: Seen[] = [];
  const delivered = new Map<string, number>();
  let [inFlight, mostInFlight] = [0, 0];
  return {
    rate,
    seen,
    delivered,
    get mostInFlight() {
      return mostInFlight;
    },
    send({ auditEvents }) {
      mostInFlight = Math.max(mostInFlight, ++inFlight);
      const request = { at: clock.monotonic(), events: auditEvents, inFlight, number: seen.length };
      seen.push(request);
      const { ms, answer, error } = react(request);
      return new Promise((resolve, reject) =>
        clock.after(ms, () => {
          inFlight--;
          if (error !== undefined) {
            // oxlint-disable-next-line prefer-promise-reject-errors -- a client may throw anything
            reject(error);
            return;
          }
          const given = answer ?? {
            successful: auditEvents.map(({ id }) => ({ id, eventID: `event-${id}` })),
            failed: [],
          };
          for (const { id } of given.successful ?? [])
            if (id !== undefined) delivered.set(id, (delivered.get(id) ?? 0) + 1);
          resolve(given);
        }),
      );
    },
    close: () => undefined,
  };
}

/** What AWS's clients throw for a status and a name. */
export function thrown(status: number, name: string, headers: Readonly<Record<string, string>> = {}): object {
  return {
    name,
    message: `${name}.`,
    $metadata: { httpStatusCode: status },
    $response: { statusCode: status, headers },
  };
}
