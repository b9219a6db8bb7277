import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import type { SendAnswer, Sender } from "../src/delivery/sender.ts";
import { forward } from "../src/pipeline/forward.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import { openStateFile } from "../src/state/sqlite-state.ts";
import { instantClock } from "./support/instant-clock.ts";
import line from "./support/line-adapter.ts";
import { channelArn } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

type Entry = "ok" | "throttled" | "refused" | "missing" | "both";
type Behaviour =
  | "answer"
  | "nothing"
  | "drop"
  | "drop-after-commit"
  | "500"
  | "429"
  | "validation"
  | "duplicated"
  | "permission";

const behaviour = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Behaviour>("answer") },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Behaviour>(
      "nothing",
      "drop",
      "drop-after-commit",
      "500",
      "429",
      "validation",
      "duplicated",
    ),
  },
  { weight: 1, arbitrary: fc.constant<Behaviour>("permission") },
);
const entry = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Entry>("ok") },
  { weight: 2, arbitrary: fc.constantFrom<Entry>("throttled", "refused", "missing", "both") },
);
const record = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      id: fc.constantFrom("a", "b", "c", "d-e", "f_1"),
      what: fc.constantFrom("one", "two", "é".repeat(400)),
    }),
  },
  { weight: 6, arbitrary: fc.record({ what: fc.constantFrom("login", "logout") }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("x"), kind: fc.constant("noise") }) },
  { weight: 1, arbitrary: fc.record({ nothing: fc.constant(1) }) },
);

const fail = (name: string, status: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

/** An imaginary server with memory: acts by its scripts, in a circle. */
function server(behaviours: readonly Behaviour[], entries: readonly Entry[]) {
  const stored = new Map<string, Set<string>>();
  let request = 0;
  let at = 0;
  const keep = (id: string, eventData: string) => void stored.set(id, (stored.get(id) ?? new Set()).add(eventData));
  const sender: Sender = {
    async send({ auditEvents }): Promise<SendAnswer> {
      await Promise.resolve();
      expect(auditEvents.length).toBeLessThanOrEqual(5);
      expect(new Set(auditEvents.map(({ id }) => id)).size).toBe(auditEvents.length);
      const act = behaviours[request++ % behaviours.length]!;
      if (act === "drop") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      if (act === "500") throw fail("InternalFailure", 500);
      if (act === "429") throw fail("ThrottlingException", 429);
      if (act === "validation") throw fail("ValidationException", 400);
      if (act === "duplicated") throw fail("DuplicatedAuditEventId", 400);
      if (act === "permission") throw fail("ChannelInsufficientPermission", 400);
      if (act === "nothing") return {};
      const successful: { id: string; eventID: string }[] = [];
      const failed: { id: string; errorCode: string; errorMessage: string }[] = [];
      for (const { id, eventData } of auditEvents) {
        const kind = entries[at++ % entries.length]!;
        if (kind === "ok" || kind === "both") {
          keep(id, eventData);
          successful.push({ id, eventID: "e" });
        }
        if (kind === "throttled" || kind === "both")
          failed.push({ id, errorCode: "Throttling", errorMessage: "later" });
        if (kind === "refused") failed.push({ id, errorCode: "InvalidData", errorMessage: "no" });
      }
      if (act === "drop-after-commit") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      return { successful, failed };
    },
    close: () => undefined,
  };
  return { sender, stored };
}

test("read = delivered + already delivered + changed + dead + dropped + queued, whatever a server does, run after run", async () => {
  let delivered = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { maxLength: 40 }),
      fc.array(behaviour, { minLength: 1, maxLength: 6 }),
      fc.array(entry, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      async (records, behaviours, entries, seed) => {
        const database = openStateFile(":memory:");
        const { sender, stored } = server(behaviours, entries);
        const text = records.map((fields) => `${JSON.stringify({ at: "2026-01-01T00:00:00Z", ...fields })}\n`).join("");
        const run = () =>
          forward({
            adapter: line,
            channelArn,
            store: new IntegrationStore(database, 1),
            sender,
            inputs: [{ name: "in", source: "/in", rereadable: true, open: bytes(text) }],
            clock: instantClock(),
            random: seededRandom(seed),
            limits: { events: 5, bytes: 4000 },
            backOff: { baseMs: 10, capMs: 100, maxAttempts: 3, giveUpAfterMs: 10_000 },
          });
        for (let round = 0; round < 3; round++) {
          const summary = await run();
          const { read, alreadyDelivered, changed, dead, dropped, queued } = summary;
          expect(summary.balanced).toBe(true);
          expect(read).toBe(summary.delivered + alreadyDelivered + changed + dead + dropped + queued);
          const whole = round === 0 && summary.inputs.every((input) => input.complete);
          expect(whole ? read : records.length).toBe(records.length);
          delivered += summary.delivered;
        }
        // What the state calls delivered, the server has.
        const sent = Number((await database.get("SELECT count(*) AS n FROM sent"))!["n"]);
        expect(sent).toBeLessThanOrEqual(stored.size);
        await database.close();
      },
    ),
    { numRuns: 1000 },
  );
  expect(delivered).toBeGreaterThan(0);
}, 120_000);

function bytes(text: string): () => AsyncIterable<Uint8Array> {
  // oxlint-disable-next-line require-await -- a source is asynchronous
  return async function* () {
    yield Buffer.from(text);
  };
}
