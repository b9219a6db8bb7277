import { putAuditEventsBody } from "@tributary/client";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Batcher, defaultBatchLimits } from "../src/delivery/batcher.ts";
import { eventOf, parcel, type Parcel } from "../src/delivery/parcel.ts";
import { accept, scriptedServer } from "./support/scripted-server.ts";
import { lines, scene, sendTo } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

function batches<T>(parcels: readonly Parcel<T>[], limits = defaultBatchLimits): Parcel<T>[][] {
  const batcher = new Batcher<Parcel<T>>(limits);
  for (const one of parcels) batcher.add(one);
  const all: Parcel<T>[][] = [];
  while (batcher.size > 0) all.push(batcher.take());
  return all;
}

const size = (batch: readonly Parcel[]) => putAuditEventsBody(batch.map(({ entry }) => eventOf(entry))).length;

/** Text of `count` characters that cost several bytes on the wire. */
const heavy = (count: number) => 'é"\\\u0001𝄞'.repeat(Math.ceil(count / 6)).slice(0, count);

const make = (count: number) => Array.from({ length: count }, (_, n) => parcel(`id-${n}`, "{}", undefined));

test("exactly 100 events are one batch, 101 are two", () => {
  expect(batches(make(100)).map((batch) => batch.length)).toEqual([100]);
  expect(batches(make(101)).map((batch) => batch.length)).toEqual([100, 1]);
});

test("the body is measured exactly, escapes and multi-byte text included: on the limit is one batch, one byte over is two", () => {
  const pair = [
    parcel("a", JSON.stringify({ text: heavy(500) }), undefined),
    parcel("b", JSON.stringify({ text: heavy(77) }), undefined),
  ];
  const exact = size(pair);
  expect(batches(pair, { events: 100, bytes: exact }).map((batch) => batch.length)).toEqual([2]);
  expect(batches(pair, { events: 100, bytes: exact - 1 }).map((batch) => batch.length)).toEqual([1, 1]);
});

test("four events of 300,000 bytes of é are not one request of 1.2 MB", () => {
  const four = Array.from({ length: 4 }, (_, n) =>
    parcel(`id-${n}`, JSON.stringify({ text: "é".repeat(150_000) }), undefined),
  );
  for (const batch of batches(four)) expect(size(batch)).toBeLessThanOrEqual(1_000_000);
  expect(batches(four).map((batch) => batch.length)).toEqual([3, 1]);
});

test("any parcels: both limits hold, no id twice in a batch, nothing lost, order kept where ids differ", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.integer({ min: 0, max: 300 }).map(heavy));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "dd", "eee"), text), { maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 2500, max: 9000 }),
      (events, count, bytes) => {
        const parcels = events.map(([id, value], n) => parcel(id, JSON.stringify({ value, n }), n));
        const all = batches(parcels, { events: count, bytes });
        for (const batch of all) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(count);
          expect(size(batch)).toBeLessThanOrEqual(bytes);
          expect(new Set(batch.map((one) => one.id)).size).toBe(batch.length);
        }
        expect(
          all
            .flat()
            .map((one) => one.ref)
            .toSorted((a, b) => a - b),
        ).toEqual(parcels.map((one) => one.ref));
        // Of one id, the earlier goes first.
        for (const id of ["a", "b"]) {
          const order = all
            .flat()
            .filter((one) => one.id === id)
            .map((one) => one.ref);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test("on the wire no request is over 100 events or 1,000,000 bytes, and the body is the one that was measured", async () => {
  const server = await scriptedServer(accept);
  using place = scene();
  const file = place.write(
    "in.jsonl",
    lines(400, (n) => ({ what: "Test", text: heavy(n % 3 === 0 ? 20_000 : 100) })),
  );
  const summary = await place.run({ sender: await sendTo(server.endpoint), files: [file] });
  await server.close();
  expect(summary).toMatchObject({ read: 400, delivered: 400, balanced: true });
  expect(server.requests.length).toBeGreaterThan(4);
  for (const { body, events } of server.requests) {
    expect(events.length).toBeLessThanOrEqual(100);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1_000_000);
    const again = events.map((event) => parcel(event.id, event.eventData, undefined));
    expect(size(again)).toBe(Buffer.byteLength(body));
    expect(18 + again.reduce((sum, one) => sum + one.bytes, 0) + again.length - 1).toBe(Buffer.byteLength(body));
  }
});

test("one event that fits no request blocks nothing: it dies with its size, the others are delivered", async () => {
  const server = await scriptedServer(accept);
  using place = scene();
  // The event is within the adapter's limits; the limits of the request are made smaller.
  const file = place.write(
    "in.jsonl",
    lines(5, (n) => (n === 2 ? { text: "x".repeat(20_000) } : {})),
  );
  const summary = await place.run({
    sender: await sendTo(server.endpoint),
    files: [file],
    limits: { events: 100, bytes: 10_000 },
  });
  await server.close();
  expect(summary).toMatchObject({
    read: 5,
    delivered: 4,
    dead: 1,
    deadByCode: { REQUEST_TOO_LARGE: 1 },
    balanced: true,
  });
});
