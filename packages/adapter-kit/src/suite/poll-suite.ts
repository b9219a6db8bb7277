import assert from "node:assert/strict";
import { TributaryError } from "@tributary/schema";
import type { Adapter } from "../contract/adapter.ts";
import type { JsonObject } from "../contract/json.ts";
import type { Poll } from "../contract/poll.ts";
import { isSecret } from "../contract/secret.ts";
import { isObject, parseJson } from "../own-property.ts";
import { readOptions } from "../poll/read-options.ts";
import { fixtureContext } from "./fixtures.ts";
import { pollRun } from "./poll-run.ts";
import type { PollRun } from "./poll-run.ts";
import { seededRandom } from "./seeded-random.ts";
import type { SuiteTest } from "./suite-test.ts";
import { vendorWorld } from "./vendor-world.ts";
import type { FakeVendor, VendorWorld } from "./vendor-world.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface PollSuiteOptions {
  readonly test: SuiteTest;
  readonly adapter: Adapter;
  /** The poller's options, secrets made by `secretFrom`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Builds the fake API in a world. */
  readonly vendor: (world: VendorWorld) => FakeVendor;
  /** Record `n` as the vendor's API shows it, its own time `at` (ms; write it as exactly as the vendor does). Must map to an event. */
  readonly record: (n: number, at: number) => JsonObject;
  /** Default 10,000. */
  readonly records?: number | undefined;
  /** Default 200. */
  readonly crashes?: number | undefined;
  /** Seconds the vendor may show a record late, as it documents or the poller assumes. Default 0. */
  readonly latenessSeconds?: number | undefined;
  /** Hours the records spread over: half before the run begins, half while it runs. Default 6. */
  readonly spanHours?: number | undefined;
  /** Virtual hours the run goes on after the last record: at least lateness and the poller's own waits. Default 2. */
  readonly settleHours?: number | undefined;
  /** Default: one of the clock, printed. TRIBUTARY_SEED repeats one. */
  readonly seed?: number | undefined;
  readonly print?: ((line: string) => void) | undefined;
}

const hour = 3_600_000;
/** Where virtual time begins. */
const start = Date.UTC(2026, 0, 31, 12);
const timeout = 300_000;

/**
 * What every poller promises: all records delivered, whatever fails and wherever it is killed; the vendor's budget kept; links of
 * answers not followed elsewhere; secrets in no cursor and no error; refused credentials and broken answers named.
 */
export function pollSuite(suite: PollSuiteOptions): void {
  const { test, adapter, print = console.log } = suite;
  const promise = (name: string, run: () => Promise<void>): void => test(`${adapter.name} poll: ${name}`, run, timeout);
  const load = async (): Promise<Poll> => {
    assert.ok(adapter.poll !== undefined, "the adapter has no poll");
    return adapter.poll();
  };
  const seed = suite.seed ?? Number(process.env["TRIBUTARY_SEED"] ?? Date.now() % 2 ** 31);
  const settings = (count: number, seedOfRun: number) => {
    const random = seededRandom(seedOfRun);
    const clock = new VirtualClock(start);
    const span = (suite.spanHours ?? 6) * hour;
    const { record, latenessSeconds = 0 } = suite;
    const world = vendorWorld({
      clock,
      random,
      count,
      from: start - span / 2,
      until: start + span / 2,
      latenessSeconds,
      record,
    });
    const since = new Date(start - span / 2).toISOString();
    const until = start + span / 2 + latenessSeconds * 1000 + (suite.settleHours ?? 2) * hour;
    return { random, clock, world, since, until, vendor: suite.vendor(world) };
  };
  const expected = (world: ReturnType<typeof settings>["world"]): ReadonlyMap<string, number> =>
    new Map(
      world.records.map(({ record, n }) => {
        const [result] = adapter.map(parseJson(JSON.stringify(record)), fixtureContext);
        assert.ok(result?.kind === "event", `record(${n}) is no event: ${JSON.stringify(result)}`);
        return [result.id, n];
      }),
    );
  const calm = { crashRate: 0, maxCrashes: 0, faultRate: 0 };
  const run = async (
    count: number,
    seedOfRun: number,
    hostile: Pick<Parameters<typeof pollRun>[0], "crashRate" | "maxCrashes" | "faultRate" | "send">,
  ) => {
    const poll = await load();
    const set = settings(count, seedOfRun);
    const done = await pollRun({
      adapter,
      poll,
      options: readOptions(poll.options, suite.options),
      ...set,
      ...hostile,
    });
    return { ...set, poll, done };
  };

  promise("every record is delivered, with faults of the network and death at any step", async () => {
    const { records = 10_000, crashes = 200 } = suite;
    let left = crashes;
    let died = 0;
    for (let round = 0; left > 0 && round < 60; round += 1) {
      const count = round === 0 ? records : Math.min(records, 1000);
      const crashRate = round % 2 === 0 ? 0.15 : 0.3;
      const { done, world, poll } = await run(count, seed + round, { crashRate, maxCrashes: left, faultRate: 0.12 });
      const told = `seed ${seed + round}: `;
      assertAllDelivered(done, expected(world), told);
      assertBudget(done, poll.requestsPerMinute, told);
      left -= done.crashes;
      died += done.crashes;
      if (round === 0)
        print(
          `${adapter.name} poll: seed ${seed}: ${count} records in ${done.sent.length} requests, ${done.pages} pages, ${done.faults} faults, ${done.crashes} deaths, ${done.read} read`,
        );
    }
    print(`${adapter.name} poll: ${died} deaths, every record delivered`);
    assert.equal(died, crashes, "too few steps to die at: the fake should answer with smaller pages");
  });

  promise(
    "a calm run reads what there is once, apart from what it overlaps, and its cursors are versioned",
    async () => {
      const { done, world } = await run(2000, seed, calm);
      assertAllDelivered(done, expected(world), `seed ${seed}: `);
      print(
        `${adapter.name} poll: calm: ${(done.read / 2000).toFixed(2)} records read for each there is, ${done.sent.length} requests`,
      );
      for (const cursor of new Set(done.cursors)) {
        const parsed = parseJson(cursor);
        assert.ok(isObject(parsed) && typeof parsed["v"] === "number", `a cursor without version: ${cursor}`);
        assert.ok(cursor.length <= 16_384, "a cursor over 16 kB");
      }
    },
  );

  promise("with history, it says that it caught up once all that is past is read", async () => {
    const { done, world, poll } = await run(1000, seed, calm);
    if (poll.history === undefined) return;
    assert.ok(done.caughtUp !== undefined, "it claims a history and no page says caughtUp");
    const past = start - (suite.latenessSeconds ?? 0) * 1000 - hour;
    const early = new Set(world.records.filter(({ at }) => at < past).map(({ n }) => n));
    const missing = [...expected(world)].filter(([id, n]) => early.has(n) && !done.caughtUp!.has(id));
    assert.ok(early.size > 0);
    assert.deepEqual(
      missing.slice(0, 5),
      [],
      `seed ${seed}: it said caughtUp before ${missing.length} records of the past`,
    );
  });

  promise("no secret is in a cursor or in an address", async () => {
    const secrets = secretsIn(suite.options);
    const { done } = await run(200, seed, {
      ...calm,
      send: (request, vendor) => {
        for (const secret of secrets)
          assert.ok(!request.url.includes(encodeURIComponent(secret)), "a secret in an address");
        return vendor.fetch(request);
      },
    });
    for (const secret of secrets)
      assert.ok(!done.cursors.some((cursor) => cursor.includes(secret)), "a secret in a cursor");
  });

  promise("no link of an answer is followed to another origin", async () => {
    const origins = new Set<string>();
    const elsewhere: string[] = [];
    const attempt = run(200, seed, {
      ...calm,
      send: async (request, vendor) => {
        const url = new URL(request.url);
        if (url.hostname.endsWith("elsewhere.example")) {
          elsewhere.push(request.url);
          return new Response("{}");
        }
        origins.add(url.origin);
        return pointedElsewhere(await vendor.fetch(request), origins);
      },
    });
    await attempt.catch((error: unknown) =>
      assert.ok(error instanceof TributaryError, `not a named error: ${String(error)}`),
    );
    assert.deepEqual(elsewhere, []);
  });

  promise("refused credentials end the run with an error that says so, soon", async () => {
    for (const status of [401, 403]) {
      let requests = 0;
      const send = (): Promise<Response> => {
        requests += 1;
        return Promise.resolve(new Response("{}", { status }));
      };
      const error = await run(10, seed, { ...calm, send }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof TributaryError && error.code === "VENDOR_REFUSED", `HTTP ${status}: ${String(error)}`);
      assert.ok(requests <= 20, `${requests} requests with refused credentials`);
      for (const secret of secretsIn(suite.options))
        assert.ok(!`${error.message}${String(error.cause)}`.includes(secret), "a secret in an error");
    }
  });

  promise("an answer that is none is named, stored as nothing, and asked for again", async () => {
    for (const body of ["<html>Sign in</html>", "", "null", "{}", '"text"', "7", '{"data":null}']) {
      let broken = 0;
      const { done, world } = await run(100, seed, {
        ...calm,
        send: async (request, vendor) => {
          const response = await vendor.fetch(request);
          // Every third answer at first, then none: a poller that believes one of them skips what was there.
          broken += 1;
          return broken % 3 === 0 && broken < 30 ? new Response(body, { headers: response.headers }) : response;
        },
      }).catch((error: unknown) => {
        throw new Error(`With the answer ${JSON.stringify(body)}: ${String(error)}`, { cause: error });
      });
      assertAllDelivered(done, expected(world), `with the answer ${JSON.stringify(body)}: `);
    }
  });

  promise("options without their secrets are refused, and what is exclusive is a text", async () => {
    const poll = await load();
    const options = readOptions(poll.options, suite.options);
    assert.ok(typeof poll.exclusive(options) === "string" && poll.exclusive(options) !== "");
    for (const [key, value] of Object.entries(suite.options))
      if (isSecret(value))
        assert.throws(() => readOptions(poll.options, { ...suite.options, [key]: value.reveal() }), {
          code: "OPTIONS_INVALID",
        });
  });
}

function assertAllDelivered(done: PollRun, expected: ReadonlyMap<string, number>, told: string): void {
  const lost = [...expected].filter(([id]) => !done.events.has(id)).map(([, n]) => n);
  const invented = [...done.events.keys()].filter((id) => !expected.has(id));
  assert.deepEqual(lost.slice(0, 20), [], `${told}${lost.length} records were lost`);
  assert.deepEqual(invented.slice(0, 5), [], `${told}${invented.length} events that the vendor never had`);
  assert.deepEqual(done.torn.slice(0, 5), [], `${told}ids that came with two different events`);
  assert.deepEqual(done.refused.slice(0, 5), [], `${told}${done.refused.length} refused`);
}

/** A restart forgets the budget: as many more are allowed in a minute as there were restarts in it, at the worst. */
function assertBudget(done: PollRun, requestsPerMinute: number, told: string): void {
  let first = 0;
  for (const [last, at] of done.sent.entries()) {
    while (done.sent[first]! <= at - 60_000) first += 1;
    assert.ok(
      last - first + 1 <= requestsPerMinute * (1 + done.crashes),
      `${told}more than ${requestsPerMinute} requests in a minute`,
    );
  }
}

function secretsIn(options: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.values(options)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isSecret)
    .map((secret) => secret.reveal());
}

/** The answer with every mention of the vendor's own origins replaced, in headers and body. */
async function pointedElsewhere(response: Response, origins: ReadonlySet<string>): Promise<Response> {
  const replaced = (text: string): string => {
    let changed = text;
    for (const origin of origins)
      changed = changed
        .replaceAll(origin, "https://elsewhere.example")
        .replaceAll(origin.replaceAll("/", "\\/"), "https:\\/\\/elsewhere.example");
    return changed;
  };
  const headers = new Headers([...response.headers].map(([name, value]): [string, string] => [name, replaced(value)]));
  const body = response.status === 204 || response.status === 304 ? null : replaced(await response.text());
  return new Response(body, { status: response.status, headers });
}
