import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Sender } from "../src/delivery/sender.ts";
import { forward } from "../src/pipeline/forward.ts";
import { seededRandom } from "../src/delivery/back-off.ts";
import { DeadLetters } from "../src/state/dead-letters.ts";
import { integrationNumber } from "../src/state/integration-number.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import type { StateDatabase } from "../src/state/state-database.ts";
import { tributary } from "./support/command.ts";
import { instantClock } from "./support/instant-clock.ts";
import line from "./support/line-adapter.ts";
import { channelArn, lines, scene, type Scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let place: Scene;
beforeEach(() => {
  place = scene();
});
afterEach(() => place[Symbol.dispose]());

const taking: Sender = {
  send: async ({ auditEvents }) =>
    await Promise.resolve({ successful: auditEvents.map(({ id }) => ({ id, eventID: "e" })) }),
  close: () => undefined,
};
const one = (n: number) => lines(n + 1).split("\n")[n]!;
const long = (n: number, length: number) => `{"at":"2026-01-01T00:00:00Z","n":${n},"what":"${"é✓x".repeat(length)}"}`;

/** Originals of the dead letters, as `dlq show --reveal` prints them. */
async function originals(database: StateDatabase): Promise<readonly string[]> {
  const letters = new DeadLetters(database);
  const found: string[] = [];
  for await (const { id } of letters.all()) {
    const { bytes: original } = (await letters.original(id))!;
    const pieces = [original];
    for await (const piece of letters.rest(id)) pieces.push(piece);
    const whole = Buffer.concat(pieces);
    expect(whole.length).toBe(original.length + (await letters.restBytes(id)));
    found.push(whole.toString("utf8").trimEnd());
  }
  return found;
}

test("records over the limit are dead with all their bytes, the others are delivered", async () => {
  const bad = [long(1, 3000), long(2, 400), long(3, 50_000)];
  const text = [one(0), bad[0], one(1), bad[1], bad[2], one(2), ""].join("\n");
  const files = [place.write("in.jsonl", text), place.write("in.jsonl.gz", gzipSync(text))];
  for (const file of files) {
    const summary = await place.run({ sender: taking, files: [file], maxFrameBytes: 1000 });
    expect(summary).toMatchObject({ read: 6, dead: 3, deadByCode: { FRAME_TOO_LONG: 3 }, balanced: true });
  }
  const database = place.state();
  expect(await originals(database)).toEqual([...bad, ...bad]);
  expect(await database.get("SELECT count(*) AS n FROM overlong_intake")).toEqual({ n: 0 });
  await database.close();
});

test("however the source is cut", async () => {
  const record = fc.tuple(fc.boolean(), fc.nat({ max: 900 })).map(([over, size]) => (over ? size + 100 : 1));
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 10 }),
      async (sizes, cuts) => {
        using here = scene();
        const records = sizes.map((size, n) => long(n, size));
        const bytes = Buffer.from(records.join("\n"));
        const database = here.state();
        const open = async function* () {
          for (let at = 0, cut = 0; at < bytes.length; cut++) {
            const next = at + cuts[cut % cuts.length]!;
            yield await Promise.resolve(bytes.subarray(at, next));
            at = next;
          }
        };
        const summary = await forward({
          adapter: line,
          channelArn,
          store: new IntegrationStore(database, await integrationNumber(database, "line", channelArn)),
          sender: taking,
          inputs: [{ name: "-", source: "-", rereadable: false, open }],
          clock: instantClock(),
          random: seededRandom(1),
          maxFrameBytes: 300,
          format: "jsonl",
        });
        const over = records.filter((text) => Buffer.byteLength(text) > 300);
        expect(summary).toMatchObject({ read: records.length, dead: over.length, balanced: true });
        expect(await originals(database)).toEqual(over);
        await database.close();
      },
    ),
    { numRuns: 40 },
  );
});

test("dlq show tells input, place and length, and --reveal prints all of it", async () => {
  const bad = long(1, 2000);
  const file = place.write("in.jsonl", `${one(0)}\n${bad}\n`);
  await place.run({ sender: taking, files: [file], maxFrameBytes: 1000 });
  const length = Buffer.byteLength(bad) + 1;
  const shown = await tributary(["dlq", "show", "1", "--state", place.statePath]);
  expect(shown.stdout).toContain(`in.jsonl, byte ${one(0).length + 1}, ${length} bytes`);
  const revealed = await tributary(["dlq", "show", "1", "--reveal", "--state", place.statePath]);
  expect(revealed.stdout).toContain(bad);
});
