import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { checksum } from "../ingest/ingest-world.ts";
import type { Call, Fault, Script } from "./scripted-lake.ts";
import { allStored, externalId, play, sameBytes, type Scenario, type ShipperWorld } from "./shipper-world.ts";

const quiet: Script = () => undefined;

/** One fault for the first call, the usual afterwards. */
const first = (fault: (call: Call) => Fault): Script => (call, index) => (index === 0 ? fault(call) : undefined);

/** One fault of the first call as a whole: whatever it is, everything arrives. */
const whole: readonly { readonly clause: string; readonly fault: Fault }[] = [
  { clause: "shipper/retry/throttled", fault: { kind: "refuse", status: 429, code: "ThrottlingException", headers: { "retry-after": "1" } } },
  { clause: "shipper/retry/internal-failure", fault: { kind: "refuse", status: 500, code: "InternalFailure" } },
  { clause: "shipper/retry/unavailable", fault: { kind: "refuse", status: 503, code: "ServiceUnavailable" } },
  { clause: "shipper/retry/connection-lost-before-an-answer", fault: { kind: "reset" } },
  { clause: "shipper/retry/stored-but-not-answered", fault: { kind: "store-and-reset" } },
  { clause: "shipper/retry/answer-of-a-proxy", fault: { kind: "garbage", body: "<html>Welcome</html>" } },
  { clause: "shipper/retry/answer-cut-off", fault: { kind: "garbage", body: '{"successful":[{"id":"' } },
];

/** The profile `shipper`: spec 8, and the defects that shippers have. */
export const shipperChecks: readonly Check<ShipperWorld>[] = [
  {
    clause: "shipper/batch/up-to-100-events",
    run: (world) => eachCall(world, ({ entries = [] }) => expects(entries.length >= 1 && entries.length <= 100, "1 to 100 events a call", entries.length)),
  },
  {
    clause: "shipper/batch/up-to-1-mb-of-body",
    run: (world) => eachCall(world, ({ bodyBytes }) => expects(bodyBytes <= 1_000_000, "a body of 1,000,000 bytes at most", bodyBytes)),
  },
  {
    clause: "shipper/batch/many-events-a-call",
    run: (world) =>
      play(world, quiet, async ({ lake, run }) => {
        await run();
        const most = Math.max(...lake.calls.map(({ entries = [] }) => entries.length));
        const enough = Math.min(50, Math.floor(world.records.length / 2));
        expects(most >= enough, `calls with ${enough} events and more`, `${most} at most, in ${lake.calls.length} calls`);
      }),
  },
  {
    clause: "shipper/batch/no-id-twice-in-a-call",
    run: (world) => eachCall(world, ({ entries = [] }) => expects(new Set(entries.map(({ id }) => id)).size === entries.length, "each id once in a call", entries.map(({ id }) => id))),
  },
  {
    clause: "shipper/event/every-record-arrives",
    run: (world) => play(world, quiet, async ({ lake, run }) => finished(await run(), () => allStored(lake, world.records.length))),
  },
  {
    clause: "shipper/event/checksum-always",
    run: (world) =>
      eachCall(world, ({ entries = [] }) => {
        for (const { eventData, eventDataChecksum } of entries)
          expects(eventDataChecksum === checksum(eventData), `the checksum ${checksum(eventData)}`, eventDataChecksum ?? "none");
      }),
  },
  {
    clause: "shipper/request/external-id-on-every-call",
    run: (world) => eachCall(world, (call) => expects(call.externalId === externalId, `externalId=${externalId}`, call.externalId ?? "none")),
  },
  {
    clause: "shipper/request/signed-for-the-data-plane",
    run: (world) => eachCall(world, ({ signature }) => expects(signature === undefined, "a signature for cloudtrail-data", signature)),
  },
  {
    clause: "shipper/id/the-same-in-every-run",
    run: (world) =>
      play(world, quiet, async ({ lake, run }) => {
        await run();
        const ids = idsOf(lake.calls);
        await play(world, quiet, async (second) => {
          await second.run();
          const others = idsOf(second.lake.calls);
          expects(ids.size > 0 && [...ids].every((id) => others.has(id)) && ids.size === others.size, "the same ids from a state that knows nothing", { first: [...ids].slice(0, 3), second: [...others].slice(0, 3) });
        });
      }),
  },
  {
    clause: "shipper/id/run-again-adds-nothing",
    run: (world) =>
      play(world, quiet, async ({ lake, run }) => {
        await run();
        const before = lake.stored.size;
        await run();
        expects(lake.stored.size === before, `${before} different ids after a second run over the same records`, lake.stored.size);
        sameBytes(lake);
      }),
  },
  {
    clause: "shipper/partial/retryable-entries-sent-again",
    run: (world) =>
      play(world, first((call) => failing(call, ["Throttling", "InternalFailure"])), async ({ lake, run }) =>
        finished(await run(), () => allStored(lake, world.records.length)),
      ),
  },
  {
    clause: "shipper/partial/what-was-taken-is-not-sent-again",
    run: (world) =>
      play(world, first((call) => failing(call, ["Throttling"])), async ({ lake, run }) => {
        await run();
        const twice = [...lake.stored].filter(([, texts]) => texts.length > 1).map(([id]) => id);
        expects(twice.length === 0, "only the entries that failed are sent again", `${twice.length} that were taken came again`);
      }),
  },
  {
    clause: "shipper/partial/refused-entry-stops-no-other",
    run: (world) =>
      play(world, poisoned("fail"), async ({ lake, run }) => {
        await run();
        allStored(lake, world.records.length - 1);
      }),
  },
  {
    clause: "shipper/partial/refused-entry-is-not-sent-for-ever",
    run: (world) =>
      play(world, poisoned("fail"), async ({ lake, run }) => {
        const { timedOut } = await run();
        const poison = lake.calls[0]?.entries?.[0]?.id;
        const sent = lake.calls.filter(({ entries = [] }) => entries.some(({ id }) => id === poison)).length;
        expects(!timedOut && sent <= 5, "a run that ends, and at most 5 tries of what can never be taken", `${sent} tries${timedOut ? ", and it did not end" : ""}`);
      }),
  },
  {
    clause: "shipper/partial/refused-entry-is-told",
    run: (world) =>
      play(world, poisoned("fail"), async ({ run }) => {
        const { exitCode, timedOut } = await run();
        expects(!timedOut && exitCode !== 0, "an exit code that tells", exitCode);
      }),
  },
  {
    clause: "shipper/partial/missing-id-is-not-delivered",
    run: (world) =>
      play(world, first(({ entries = [] }) => ({ kind: "forget", ids: new Set(entries.slice(0, 2).map(({ id }) => id)) })), async ({ lake, run }) =>
        finished(await run(), () => allStored(lake, world.records.length)),
      ),
  },
  ...whole.map(({ clause, fault }): Check<ShipperWorld> => ({
    clause,
    run: (world) => play(world, first(() => fault), async ({ lake, run }) => finished(await run(), () => allStored(lake, world.records.length))),
  })),
  {
    clause: "shipper/retry/backs-off",
    run: (world) =>
      play(world, (_call, index) => (index < 4 ? { kind: "refuse", status: 429, code: "ThrottlingException" } : undefined), async ({ lake, run }) => {
        await run();
        const [one, , , four] = lake.calls;
        expects(one !== undefined && four !== undefined && four.at - one.at >= 150, "growing pauses between attempts: 150 ms and more over four", `${lake.calls.length} calls, ${Math.round((four?.at ?? 0) - (one?.at ?? 0))} ms`);
        allStored(lake, world.records.length);
      }),
  },
  {
    clause: "shipper/refused/poison-found-by-halves",
    run: (world) =>
      play(world, poisoned("refuse"), async ({ lake, run }) => {
        await run();
        allStored(lake, world.records.length - 1);
      }),
  },
  {
    clause: "shipper/refused/permission-stops-the-channel",
    run: (world) =>
      play(world, () => ({ kind: "refuse", status: 400, code: "ChannelInsufficientPermission" }), async ({ lake, run }) => {
        const { timedOut, exitCode } = await run();
        expects(!timedOut && lake.calls.length <= 20, "a run that ends after a few calls", `${lake.calls.length} calls${timedOut ? ", and it did not end" : ""}`);
        expects(exitCode !== 0, "an exit code that tells", exitCode);
      }),
  },
  {
    clause: "shipper/refused/nothing-lost-while-not-permitted",
    run: (world) => {
      let permitted = false;
      return play(world, () => (permitted ? undefined : { kind: "refuse", status: 400, code: "ChannelInsufficientPermission" }), async ({ lake, run }) => {
        await run();
        permitted = true;
        finished(await run(), () => allStored(lake, world.records.length));
      });
    },
  },
  {
    clause: "shipper/restart/killed-between-answers",
    run: (world) => killed(world, (index, kill) => (index === 1 ? kill() : undefined)),
  },
  {
    clause: "shipper/restart/killed-before-an-answer",
    run: (world) =>
      killed(world, (index, kill) => {
        if (index !== 1) return undefined;
        kill();
        return { kind: "store-and-reset" };
      }),
  },
];

async function eachCall(world: ShipperWorld, judge: (call: Call) => void): Promise<void> {
  await play(world, quiet, async ({ lake, run }) => {
    await run();
    expects(lake.calls.length > 0, "calls of PutAuditEvents", "none");
    for (const call of lake.calls) judge(call);
  });
}

/** Killed once, run again until it ends: everything arrives, under the same ids with the same bytes. */
async function killed(world: ShipperWorld, at: (index: number, kill: () => void) => Fault | undefined | void): Promise<void> {
  const kill = new AbortController();
  const script: Script = (_call, index) => at(index, () => kill.abort()) ?? undefined;
  await play(world, script, async ({ lake, run }: Scenario) => {
    await run({ kill: kill.signal });
    lake.script = quiet;
    finished(await run(), () => allStored(lake, world.records.length));
  });
}

function finished({ timedOut }: { readonly timedOut: boolean }, then: () => void): void {
  expects(!timedOut, "a run that ends", "it did not end in time");
  then();
}

function failing({ entries = [] }: Call, codes: readonly string[]): Fault {
  const some = entries.filter((_, index) => index % 3 === 0);
  return { kind: "fail", codes: new Map(some.map(({ id }, index) => [id, codes[index % codes.length]!])) };
}

/** The first event that comes is never taken: by itself, or with whatever request it stands in. */
function poisoned(how: "fail" | "refuse"): Script {
  let poison: string | undefined;
  return ({ entries = [] }) => {
    poison ??= entries[0]?.id;
    if (poison === undefined || !entries.some(({ id }) => id === poison)) return undefined;
    return how === "fail" ? { kind: "fail", codes: new Map([[poison, "InvalidData"]]) } : { kind: "refuse", status: 400, code: "ValidationException" };
  };
}

function idsOf(calls: readonly Call[]): ReadonlySet<string> {
  return new Set(calls.flatMap(({ entries = [] }) => entries.map(({ id }) => id)));
}
