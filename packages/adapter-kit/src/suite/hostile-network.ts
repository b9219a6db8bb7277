import type { FakeVendor } from "./vendor-world.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface HostileNetwork {
  readonly send: (request: Request) => Promise<Response>;
  /** The times of all requests, ms. */
  readonly sent: readonly number[];
  /** Requests that met a fault. */
  readonly faults: () => number;
}

export interface HostileOptions {
  readonly vendor: FakeVendor;
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** Called before the vendor sees a request and after it answered: a test may let the process die there. */
  readonly step: () => Promise<void>;
  /** Share of requests that meet a fault. */
  readonly rate: number;
}

/** A network in front of a fake vendor: requests and answers that get lost, 429s, 503s, and bodies that break off. */
export function hostileNetwork({ vendor, clock, random, step, rate }: HostileOptions): HostileNetwork {
  const sent: number[] = [];
  let faults = 0;
  const send = async (request: Request): Promise<Response> => {
    sent.push(clock.now());
    await step();
    clock.advance(20 + Math.floor(random() * 400));
    const fault = random() < rate ? Math.floor(random() * 5) : -1;
    if (fault >= 0) faults += 1;
    if (fault === 0) throw new TypeError("fetch failed: connection refused");
    if (fault === 1) return vendor.throttled(1 + Math.floor(random() * 20));
    if (fault === 2) return new Response("<html>Service Unavailable</html>", { status: 503 });
    const response = await vendor.fetch(request);
    await step();
    if (fault === 3) throw new TypeError("fetch failed: other side closed");
    return fault === 4 ? brokenOff(response, random) : response;
  };
  return { send, sent, faults: () => faults };
}

/** The answer, of which some bytes arrive before the connection breaks. */
function brokenOff(response: Response, random: () => number): Response {
  const { body, status, headers } = response;
  if (body === null) return response;
  const reader = body.getReader();
  const whole = Math.floor(random() * 3);
  let chunks = 0;
  const cut = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await reader.read();
      if (!done && chunks < whole) {
        chunks += 1;
        return controller.enqueue(value);
      }
      if (!done) controller.enqueue(value.subarray(0, Math.floor(value.length * random())));
      await reader.cancel();
      controller.error(new TypeError("terminated"));
    },
  });
  return new Response(cut, { status, headers });
}
