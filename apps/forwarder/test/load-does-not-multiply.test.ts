import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { defaultBackOff, delayMs, seededRandom } from "../src/delivery/back-off.ts";
import { Courier } from "../src/delivery/courier.ts";
import type { CourierOptions, Outcome } from "../src/delivery/courier-options.ts";
import { type Parcel, parcel } from "../src/delivery/parcel.ts";
import { RequestRate } from "../src/delivery/request-rate.ts";
import { SharedRates } from "../src/delivery/shared-rates.ts";
import { type VirtualClock, virtualClock } from "./support/virtual-clock.ts";
import { type Reaction, type Seen, thrown, virtualServer, type VirtualServer } from "./support/virtual-server.ts";

vi.setConfig({ testTimeout: 60_000 });

interface Run {
  readonly clock: VirtualClock;
  readonly server: VirtualServer;
  readonly courier: Courier<Parcel>;
  readonly outcomes: Outcome<Parcel>[];
}

/** `count` events through a courier to a server that reacts so, until there is nothing left to do. */
async function send(
  count: number,
  react: (request: Seen) => Reaction,
  options: Partial<CourierOptions<Parcel>> & { readonly perSecond?: number; readonly ms?: number } = {},
): Promise<Run> {
  const { perSecond, ms, ...more } = options;
  const clock = virtualClock();
  const rate = perSecond === undefined ? undefined : new RequestRate(perSecond, clock.monotonic());
  const server = virtualServer(clock, react, rate);
  const outcomes: Outcome<Parcel>[] = [];
  const courier = new Courier<Parcel>({
    sender: server,
    channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
    clock,
    random: seededRandom(1),
    onSettled: (some) => outcomes.push(...some),
    ...more,
  });
  for (let n = 0; n < count; n++) courier.add(parcel(`id-${n}`, `{"n":${n}}`, undefined));
  const drained = courier.drain();
  await clock.run(ms);
  if (ms === undefined) await drained;
  return { clock, server, courier, outcomes };
}

const failure = thrown(503, "ServiceUnavailable");
const throttled = thrown(429, "ThrottlingException");

test("the times of all attempts are exactly those of the seeded jitter, each with the same bytes", async () => {
  const { server, outcomes } = await send(1, ({ number }) => (number < 5 ? { ms: 30, error: failure } : { ms: 30 }));
  const random = seededRandom(1);
  let at = 0;
  const expected = [0];
  for (let attempt = 1; attempt <= 5; attempt++) expected.push((at += 30 + delayMs(defaultBackOff, attempt, random)));
  expect(server.seen.map((request) => request.at)).toEqual(expected);
  expect(new Set(server.seen.map(({ events }) => JSON.stringify(events))).size).toBe(1);
  expect(outcomes).toMatchObject([{ verdict: { kind: "delivered" } }]);
});

test("after Retry-After nothing at all is sent before its end, and then it goes on", async () => {
  const { server, outcomes } = await send(1000, ({ number }) =>
    number === 2 ? { ms: 10, error: thrown(429, "ThrottlingException", { "retry-after": "9" }) } : { ms: 10 },
  );
  const later = server.seen.filter(({ at }) => at > 10);
  expect(later.length).toBeGreaterThan(0);
  expect(Math.min(...later.map(({ at }) => at))).toBe(9010);
  expect(outcomes.length).toBe(1000);
});

test("a Retry-After longer than the patience of a run ends it with the queue kept, and says how long", async () => {
  const { courier, outcomes } = await send(1, () => ({ ms: 1, error: thrown(503, "Slow", { "retry-after": "3600" }) }));
  expect(outcomes).toEqual([]);
  expect(courier.stopped).toMatchObject({ kind: "unreachable", message: expect.stringContaining("3600 s") as string });
});

/** What a server does with its n-th request, over and over. */
const scripts = fc.array(
  fc.record({
    ms: fc.integer({ min: 0, max: 2000 }),
    kind: fc.constantFrom("ok", "ok", "ok", "fail", "throttle", "entries", "missing", "both", "time-out", "reset"),
  }),
  { minLength: 1, maxLength: 40 },
);

function scripted(
  { events, number }: Seen,
  script: readonly { readonly ms: number; readonly kind: string }[],
): Reaction {
  const { ms, kind } = script[number % script.length]!;
  const successful = events.map(({ id }) => ({ id, eventID: "e" }));
  const failed = events.slice(0, 3).map(({ id }) => ({ id, errorCode: "Throttling", errorMessage: "less" }));
  if (kind === "fail") return { ms, error: failure };
  if (kind === "throttle") return { ms, error: throttled };
  if (kind === "time-out") return { ms: 60_000, error: { name: "TimeoutError" } };
  if (kind === "reset") return { ms, error: Object.assign(new Error("reset"), { code: "ECONNRESET" }) };
  if (kind === "entries") return { ms, answer: { successful: successful.slice(3), failed } };
  if (kind === "missing") return { ms, answer: { successful: successful.slice(1), failed: [] } };
  if (kind === "both") return { ms, answer: { successful, failed: failed.slice(0, 1) } };
  return { ms };
}

test("any script: every event has one end or is left with a reason, never more in flight than allowed, retries within the budget", async () => {
  await fc.assert(
    fc.asyncProperty(
      scripts,
      fc.integer({ min: 1, max: 32 }),
      fc.integer({ min: 1, max: 2500 }),
      async (script, concurrency, count) => {
        const { server, courier, outcomes } = await send(count, (request) => scripted(request, script), {
          concurrency,
          random: seededRandom(count),
        });
        expect(server.mostInFlight).toBeLessThanOrEqual(concurrency);
        const ended = new Set(outcomes.map(({ parcel: { id } }) => id));
        expect(ended.size).toBe(outcomes.length);
        expect(courier.stopped?.kind ?? ended.size).toBe(courier.stopped === undefined ? count : "unreachable");
        expect(courier.inFlight).toBe(0);
        const alone = server.seen.filter(({ inFlight }) => inFlight === 1).length;
        expect(courier.counts.retries).toBeLessThanOrEqual(10 + server.seen.length * 0.2 + alone);
      },
    ),
    { numRuns: 200 },
  );
});

test("a server that fails for long gets its attempts, one at a time, and not the load of a good day", async () => {
  const { server, courier } = await send(10_000, () => ({ ms: 5, error: failure }), { concurrency: 16 });
  expect(courier.stopped).toMatchObject({ kind: "unreachable", code: "ServiceUnavailable" });
  expect(server.seen.length).toBeLessThanOrEqual(4 * defaultBackOff.maxAttempts);
  expect(server.seen.slice(4).every(({ inFlight }) => inFlight === 1)).toBe(true);
});

test("a server that refuses one entry in ten for a while: what it refused is packed together again, fewer requests than one more for each", async () => {
  const least = 10_000 / 100;
  const { server, outcomes } = await send(10_000, ({ events, number }) => {
    const failing = number < 60 ? events.slice(0, Math.ceil(events.length / 10)) : [];
    const ids = new Set(failing.map(({ id }) => id));
    return {
      ms: 20,
      answer: {
        successful: events.filter(({ id }) => !ids.has(id)).map(({ id }) => ({ id, eventID: "e" })),
        failed: failing.map(({ id }) => ({ id, errorCode: "InternalFailure", errorMessage: "later" })),
      },
    };
  });
  expect(outcomes.length).toBe(10_000);
  expect(server.seen.length).toBeLessThan(least * 1.5);
});

test("throughput converges to what the server takes, and in-flight with it", async () => {
  for (const capacity of [3, 10, 40]) {
    // 50 ms a request up to its capacity; beyond it they wait in its queue, and far beyond it throttles.
    const { server, clock } = await send(
      60_000,
      ({ inFlight }) =>
        inFlight > capacity * 2 ? { ms: 5, error: throttled } : { ms: 50 * Math.max(1, inFlight / capacity) },
      { concurrency: 64, ms: 60_000 },
    );
    const last = server.seen.filter(({ at }) => at < clock.monotonic());
    const [begin, end] = [last[Math.floor(last.length / 4)]!, last.at(-1)!];
    const perSecond = ((last.length * 3) / 4 / (end.at - begin.at)) * 1000;
    expect({ capacity, share: perSecond / (capacity / 0.05) }).toMatchObject({
      share: expect.toSatisfy((share: number) => share > 0.75 && share < 1.3) as number,
    });
  }
});

test("the rate of a quota holds over every second, shared by all who send under it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 300 }), async (perSecond, ms) => {
      const { server, outcomes } = await send(4000, () => ({ ms }), { perSecond, concurrency: 64 });
      expect(outcomes.length).toBe(4000);
      const burst = Math.max(1, Math.floor(perSecond / 10));
      const times = server.seen.map(({ at }) => at);
      for (const [first, from] of times.entries())
        for (let last = first; last < times.length; last++)
          expect(last - first + 1).toBeLessThanOrEqual(((times[last]! - from) * perSecond) / 1000 + burst + 1e-6);
    }),
    { numRuns: 40 },
  );
});

test("the time of day may jump by years either way: no wait becomes longer, none ends a run early", async () => {
  const clock = virtualClock();
  const jumps = [10, -20, 3, -8].map((years) => years * 31_557_600_000);
  const server = virtualServer(
    clock,
    ({ number }) => {
      clock.jump(jumps[number % jumps.length]!);
      return number < 6 ? { ms: 10, error: failure } : { ms: 10 };
    },
    new RequestRate(50, clock.monotonic()),
  );
  const outcomes: Outcome<Parcel>[] = [];
  const options = { sender: server, channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c", clock };
  const courier = new Courier<Parcel>({
    ...options,
    random: seededRandom(3),
    onSettled: (some) => outcomes.push(...some),
  });
  courier.add(parcel("a", "{}", undefined));
  const drained = courier.drain();
  await clock.run();
  await drained;
  expect(outcomes).toMatchObject([{ verdict: { kind: "delivered" } }]);
  expect(clock.monotonic()).toBeLessThan(60_000);
});

test("two integrations of one region share AWS's quota; another endpoint has its own", async () => {
  const clock = virtualClock();
  const rates = new SharedRates(clock);
  const aws = { endpoint: undefined, region: "us-east-1", requestsPerSecond: 20 };
  const times: number[] = [];
  const couriers = [aws, { ...aws }].map((destination) => {
    const server = virtualServer(
      clock,
      ({ at }) => {
        times.push(at);
        return { ms: 5 };
      },
      rates.of(destination),
    );
    const options = { sender: server, channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c", clock };
    const courier = new Courier<Parcel>({ ...options, random: seededRandom(1), onSettled: () => undefined });
    for (let n = 0; n < 5000; n++) courier.add(parcel(`id-${n}`, "{}", undefined));
    return courier;
  });
  const drained = Promise.all(couriers.map((courier) => courier.drain()));
  await clock.run();
  await drained;
  expect(times.length).toBe(100);
  expect(times.at(-1)! - times[0]!).toBeGreaterThanOrEqual(((100 - 2 - 1) * 1000) / 20);
  expect(rates.of({ ...aws, endpoint: "http://127.0.0.1:1" })).not.toBe(rates.of(aws));
  expect(rates.of({ ...aws, requestsPerSecond: 0 })).toBe(undefined);
});
