import { once } from "node:events";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { loadConfig } from "../src/config/load-config.ts";
import { Daemon } from "../src/daemon/daemon.ts";
import { Scrubber } from "../src/daemon/scrubber.ts";
import { seededRandom } from "../src/delivery/back-off.ts";
import { systemClock } from "../src/delivery/clock.ts";
import type { Sender } from "../src/delivery/sender.ts";
import { MemoryRoom } from "../src/pipeline/memory-room.ts";
import { MemoryShare } from "../src/pipeline/memory-share.ts";
import { encodeFrames, offsetsOf } from "../src/state/chunk-codec.ts";
import { integrationNumber } from "../src/state/integration-number.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import type { StateDatabase } from "../src/state/state-database.ts";
import { canary, config, toy, until } from "./support/running.ts";
import { channelArn, scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const chunk = (bytes: number) => ({ bytes, open: 1 });
const never = () => false;

/** Whether a promise has resolved by now. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  return done;
}

test("above the limit a flow waits until another gives back, and one that holds nothing does not", async () => {
  const room = new MemoryRoom(2_000_000);
  const [one, other, third] = [new MemoryShare(room), new MemoryShare(room), new MemoryShare(room)];
  await one.enter(never);
  const held = chunk(2_500_000);
  one.hold(held);
  expect(room.held).toBe(2_500_000);
  const second = one.enter(never);
  expect(await isDone(second)).toBe(false);
  expect(await isDone(other.enter(never))).toBe(true);
  // Twice the limit is the end for all.
  const last = third.enter(never);
  expect(room.held).toBe(4_000_000);
  expect(await isDone(last)).toBe(false);
  held.open = 0;
  one.giveBack();
  expect(await isDone(second)).toBe(true);
  expect(await isDone(last)).toBe(true);
});

test("a flow that is over does not wait, and takes nothing along when it leaves", async () => {
  const room = new MemoryRoom(1);
  const [one, other] = [new MemoryShare(room), new MemoryShare(room)];
  await one.enter(never);
  let isOver = false;
  const waiting = one.enter(() => isOver);
  expect(await isDone(waiting)).toBe(false);
  isOver = true;
  room.lookAgain();
  expect(await isDone(waiting)).toBe(true);
  one.skip();
  one.leave();
  other.leave();
  expect(room.held).toBe(0);
});

test("whatever flows do, what is held is bounded and all of it comes back", async () => {
  const act = fc.record({
    flow: fc.nat(5),
    does: fc.constantFrom("enter", "settle", "skip", "leave"),
    bytes: fc.nat(1_500_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 80 }), async (acts) => {
      const most = 4_000_000;
      const room = new MemoryRoom(most);
      const flows = Array.from({ length: 6 }, () => ({
        share: new MemoryShare(room),
        held: [] as { open: number; bytes: number }[],
      }));
      for (const { flow, does, bytes } of acts) {
        const { share, held } = flows[flow]!;
        if (does === "enter" && share.isRoom) {
          await share.enter(never);
          held.push(chunk(bytes));
          share.hold(held.at(-1)!);
        } else if (does === "settle") {
          for (const one of held.splice(0)) one.open = 0;
          share.giveBack();
        } else if (does === "skip" && share.isRoom) {
          await share.enter(never);
          share.skip();
        } else if (does === "leave") {
          held.length = 0;
          share.leave();
        }
        const sum = flows.flatMap((one) => one.held).reduce((total, one) => total + one.bytes, 0);
        expect(room.held).toBe(sum);
        expect(room.held).toBeLessThan(2 * most + 1_500_000);
      }
      for (const { share } of flows) share.leave();
      expect(room.held).toBe(0);
    }),
  );
});

const hook = (name: string) => `    webhook: {path: /hooks/${name}, options: {secrets: [{env: TOKEN}]}}`;

/** Queues chunks of 20 records of 2 kB for an integration. */
async function queue(database: StateDatabase, name: string, chunks: number): Promise<void> {
  const store = new IntegrationStore(database, await integrationNumber(database, "toy", channelArn, name));
  for (let chunkAt = 0; chunkAt < chunks; chunkAt++) {
    const frames = Array.from({ length: 20 }, (_, n) => ({
      bytes: Buffer.from(
        JSON.stringify({
          at: "2026-01-01T00:00:00Z",
          what: "Test",
          text: "t".repeat(2000),
          id: `${name}-${chunkAt}-${n}`,
        }),
      ),
      offset: n,
      occurrence: 0,
      tooLong: false,
    }));
    const spooled = {
      id: await store.nextChunk(),
      source: "webhook",
      format: "lines",
      receivedAt: "2026-01-01T00:00:00Z",
      frames: encodeFrames(frames),
      count: frames.length,
      offsets: offsetsOf(frames),
    };
    await store.commit({ spool: [spooled] });
  }
}

test("twenty integrations with a queue each drain through little memory, while the channel of one does not answer", async () => {
  using place = scene();
  const names = Array.from({ length: 20 }, (_, n) => `toy-${n}`);
  const text = config(names.map((name) => toy(name, `http://127.0.0.1:9/${name}`, hook(name))).join(""));
  const file = place.write("tributary.yaml", text);
  const database = place.state();
  for (const name of names) await queue(database, name, 15);
  const room = new MemoryRoom(400_000);
  let most = 0;
  const delivered = new Map<string, number>();
  const silent = new AbortController();
  const openSender = (name: string): Sender => ({
    async send({ auditEvents }) {
      most = Math.max(most, room.held);
      if (name === "toy-3" && !silent.signal.aborted) await once(silent.signal, "abort");
      else await new Promise(setImmediate);
      delivered.set(name, (delivered.get(name) ?? 0) + auditEvents.length);
      return { successful: auditEvents.map(({ id }) => ({ id, eventID: "e" })), failed: [] };
    },
    close: () => undefined,
  });
  const load = () => loadConfig(file, { TOKEN: canary });
  const daemon = await Daemon.start(
    {
      database,
      load,
      stateOf: () => place.statePath,
      clock: systemClock,
      random: seededRandom(1),
      log: () => undefined,
      scrubber: new Scrubber(),
      room,
      openSender: ({ endpoint }) => Promise.resolve(openSender(endpoint?.split("/").at(-1) ?? "")),
    },
    await load(),
  );
  try {
    await until(() => names.every((name) => name === "toy-3" || delivered.get(name) === 300));
    silent.abort();
    await until(() => delivered.get("toy-3") === 300);
  } finally {
    await daemon.stop(10);
    await database.close();
  }
  expect(room.held).toBe(0);
  expect(most).toBeGreaterThan(0);
  // Twice the limit, and what one chunk is taken for before it is mapped.
  expect(most).toBeLessThan(2 * 400_000 + 1_500_000);
});
