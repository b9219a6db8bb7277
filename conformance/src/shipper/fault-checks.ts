import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { Call, Fault, Script } from "./scripted-lake.ts";
import { allStored, finished, play, quiet, type Scenario, type ShipperWorld } from "./shipper-world.ts";

/** One fault for the first call, the usual afterwards. */
const first =
  (fault: (call: Call) => Fault): Script =>
  (call, index) =>
    index === 0 ? fault(call) : undefined;

/** One fault of the first call as a whole: whatever it is, everything arrives. */
const whole: readonly { readonly clause: string; readonly fault: Fault }[] = [
  {
    clause: "shipper/retry/throttled",
    fault: { kind: "refuse", status: 429, code: "ThrottlingException", headers: { "retry-after": "1" } },
  },
  { clause: "shipper/retry/internal-failure", fault: { kind: "refuse", status: 500, code: "InternalFailure" } },
  { clause: "shipper/retry/unavailable", fault: { kind: "refuse", status: 503, code: "ServiceUnavailable" } },
  { clause: "shipper/retry/connection-lost-before-an-answer", fault: { kind: "reset" } },
  { clause: "shipper/retry/stored-but-not-answered", fault: { kind: "store-and-reset" } },
  { clause: "shipper/retry/answer-of-a-proxy", fault: { kind: "garbage", body: "<html>Welcome</html>" } },
  { clause: "shipper/retry/answer-cut-off", fault: { kind: "garbage", body: '{"successful":[{"id":"' } },
];

/** Spec 8: what a shipper does when something goes wrong. */
export const faultChecks: readonly Check<ShipperWorld>[] = [
  {
    clause: "shipper/partial/retryable-entries-sent-again",
    run: (world) =>
      play(
        world,
        first((call) => failing(call, ["Throttling", "InternalFailure"])),
        async ({ lake, run }) => finished(await run(), () => allStored(lake, world.records.length)),
      ),
  },
  {
    clause: "shipper/partial/what-was-taken-is-not-sent-again",
    run: (world) =>
      play(
        world,
        first((call) => failing(call, ["Throttling"])),
        async ({ lake, run }) => {
          await run();
          const twice = [...lake.stored].filter(([, texts]) => texts.length > 1).map(([id]) => id);
          expects(
            twice.length === 0,
            "only the entries that failed are sent again",
            `${twice.length} that were taken came again`,
          );
        },
      ),
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
        expects(
          !timedOut && sent <= 5,
          "a run that ends, and at most 5 tries of what can never be taken",
          `${sent} tries${timedOut ? ", and it did not end" : ""}`,
        );
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
      play(
        world,
        first(({ entries = [] }) => ({ kind: "forget", ids: new Set(entries.slice(0, 2).map(({ id }) => id)) })),
        async ({ lake, run }) => finished(await run(), () => allStored(lake, world.records.length)),
      ),
  },
  ...whole.map(({ clause, fault }): Check<ShipperWorld> => ({
    clause,
    run: (world) =>
      play(
        world,
        first(() => fault),
        async ({ lake, run }) => finished(await run(), () => allStored(lake, world.records.length)),
      ),
  })),
  {
    clause: "shipper/retry/backs-off",
    run: (world) => {
      // Of one event: a shipper may have several calls open at once.
      let one: string | undefined;
      const tries: number[] = [];
      const script: Script = ({ entries = [], at }) => {
        one ??= entries[0]?.id;
        if (!entries.some(({ id }) => id === one)) return undefined;
        tries.push(at);
        return tries.length <= 5 ? { kind: "refuse", status: 429, code: "ThrottlingException" } : undefined;
      };
      return play(world, script, async ({ lake, run }) => {
        await run();
        allStored(lake, world.records.length);
        const took = Math.round((tries[5] ?? 0) - (tries[0] ?? 0));
        expects(took >= 400, "growing pauses between the attempts of a call: 400 ms and more over six", `${took} ms`);
      });
    },
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
      play(
        world,
        () => ({ kind: "refuse", status: 400, code: "ChannelInsufficientPermission" }),
        async ({ lake, run }) => {
          const { timedOut, exitCode } = await run();
          expects(
            !timedOut && lake.calls.length <= 20,
            "a run that ends after a few calls",
            `${lake.calls.length} calls${timedOut ? ", and it did not end" : ""}`,
          );
          expects(exitCode !== 0, "an exit code that tells", exitCode);
        },
      ),
  },
  {
    clause: "shipper/refused/nothing-lost-while-not-permitted",
    run: (world) => {
      let permitted = false;
      return play(
        world,
        () => (permitted ? undefined : { kind: "refuse", status: 400, code: "ChannelInsufficientPermission" }),
        async ({ lake, run }) => {
          await run();
          permitted = true;
          finished(await run(), () => allStored(lake, world.records.length));
        },
      );
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
  {
    clause: "shipper/restart/killed-before-it-is-stored",
    run: (world) =>
      killed(world, (index, kill) => {
        if (index !== 1) return undefined;
        kill();
        return { kind: "reset" };
      }),
  },
  {
    clause: "shipper/restart/killed-with-entries-to-send-again",
    run: (world) =>
      killed(world, (index, kill, call) => {
        if (index === 0) return failing(call, ["Throttling"]);
        kill();
        return { kind: "reset" };
      }),
  },
];

/** Killed once, run again until it ends: everything arrives, under the same ids with the same bytes. */
async function killed(
  world: ShipperWorld,
  at: (index: number, kill: () => void, call: Call) => Fault | undefined | void,
): Promise<void> {
  const kill = new AbortController();
  const script: Script = (call, index) => at(index, () => kill.abort(), call) ?? undefined;
  await play(world, script, async ({ lake, run }: Scenario) => {
    await run({ kill: kill.signal });
    lake.script = quiet;
    finished(await run(), () => allStored(lake, world.records.length));
  });
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
    return how === "fail"
      ? { kind: "fail", codes: new Map([[poison, "InvalidData"]]) }
      : { kind: "refuse", status: 400, code: "ValidationException" };
  };
}
