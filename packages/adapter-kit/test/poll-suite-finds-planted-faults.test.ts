import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { expect, test } from "vitest";
import { defineAdapter, idFrom, jsonBody, taking, textAt, utcSeconds, valueAt } from "../src/index.ts";
import type { Json, Poll, PollHost } from "../src/index.ts";
import { linkWithin, readAnswer, secretFrom, SecretOption, VendorError } from "../src/poll/index.ts";
import { pollSuite } from "../src/suite/index.ts";
import type { FakeVendor, VendorWorld } from "../src/suite/index.ts";

const options = T.Object({ token: SecretOption({ description: "The API's token." }) });
const tokenOf = (host: PollHost<unknown>) => (host.options as Static<typeof options>).token.reveal();
const api = new URL("https://vendor.example/events");

/** Records in the order of their ids, which the vendor gives when it shows them: a page begins after an id. */
function fake(world: VendorWorld): FakeVendor {
  return {
    fetch: (request) => {
      const url = new URL(request.url);
      if (request.headers.get("authorization") !== "Bearer right-token-of-the-test")
        return Promise.resolve(new Response("{}", { status: 401 }));
      const after = Number(url.searchParams.get("after") ?? -1);
      const items = world
        .visible()
        .map(({ record }, id) => ({ ...record, id }))
        .filter(({ id }) => id > after)
        .slice(0, 100);
      const last = items.at(-1)?.id ?? after;
      return Promise.resolve(Response.json({ items, next: `${url.origin}/events?after=${last}` }));
    },
    throttled: (seconds) => new Response("", { status: 429, headers: { "retry-after": String(seconds) } }),
  };
}

interface Faults {
  /** The cursor of a page is that of the page after it. */
  readonly ahead?: boolean;
  /** An answer without items is a page without records. */
  readonly credulous?: boolean;
  readonly follows?: boolean;
  readonly unversioned?: boolean;
  readonly tells?: boolean;
  readonly swallows?: boolean;
  readonly hurried?: boolean;
}

function pollOf(faults: Faults): Poll {
  return {
    options,
    requestsPerMinute: faults.hurried ? 1e9 : 60,
    exclusive: () => "vendor.example",
    async *pages(cursor: Json | undefined, host: PollHost<unknown>) {
      let next = textAt(cursor, "next") ?? api.href;
      for (;;) {
        const from = next;
        const url = faults.follows ? new URL(from) : linkWithin(api, from);
        const response = await host.fetch(url, { headers: { Authorization: `Bearer ${tokenOf(host)}` } });
        if (faults.swallows && !response.ok) continue;
        const answer = await readAnswer(response, { what: "events" });
        const items = valueAt(answer.value, "items");
        const link = textAt(answer.value, "next");
        if (!faults.credulous && (!Array.isArray(items) || link === undefined))
          throw new VendorError("VENDOR_ANSWER_INVALID", "The answer for events has no items.");
        next = link ?? from.replace(/\d+$/, (after) => String(Number(after) + 100));
        const empty = Array.isArray(items) && items.length === 0;
        const held = faults.tells ? { token: tokenOf(host) } : {};
        yield {
          body: empty ? new Uint8Array() : answer.bytes,
          format: "page",
          cursor: { ...(faults.unversioned ? {} : { v: 1 }), next, ...held },
          waitSeconds: empty ? 60 : 0,
        };
        if (faults.ahead && Array.isArray(items) && items.length === 100 && link !== undefined)
          next = link.replace(/\d+$/, (after) => String(Number(after) + 1));
      }
    },
  };
}

const adapterOf = (poll: Poll) =>
  defineAdapter({
    name: "toy",
    source: "Custom",
    displayName: "Toy",
    record: T.Object({ id: T.Number(), key: T.String() }),
    formats: { page: jsonBody },
    split: (value) => {
      const items = valueAt(value, "items");
      return Array.isArray(items) ? (items as readonly Json[]) : [value];
    },
    eventId: (record) => idFrom(record.key),
    toEvent: (record, { id }) => {
      const take = taking(record);
      return {
        version: "1",
        userIdentity: { type: "User", principalId: "unknown" },
        eventSource: "toy",
        eventName: "toy",
        eventTime: utcSeconds(take.value("at")),
        UID: id,
        requestParameters: { key: record.key },
      };
    },
    poll: () => Promise.resolve(poll),
  });

/** The names of the suite's promises that a poller breaks. */
async function broken(faults: Faults): Promise<readonly string[]> {
  const runs: (readonly [string, () => void | Promise<void>])[] = [];
  pollSuite({
    test: (name, run) => runs.push([name, run]),
    adapter: adapterOf(pollOf(faults)),
    options: { token: secretFrom("right-token-of-the-test") },
    vendor: fake,
    record: (n, at) => ({ id: 0, key: `key-${n}`, at }),
    records: 3000,
    crashes: 60,
    latenessSeconds: 600,
    seed: 7,
    print: () => undefined,
  });
  const failed: string[] = [];
  for (const [name, run] of runs) {
    try {
      await run();
    } catch (error) {
      failed.push(`${name.replace("toy poll: ", "")}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failed;
}

test("a sound poller keeps every promise of the suite", async () => {
  expect(await broken({})).toEqual([]);
});

test.each([
  [{ ahead: true }, /every record is delivered/],
  [{ credulous: true }, /an answer that is none/],
  [{ follows: true }, /no link of an answer/],
  [{ unversioned: true }, /cursors are versioned/],
  [{ tells: true }, /no secret is in a cursor/],
  [{ swallows: true }, /refused credentials/],
] as const)("a poller with the fault %j is found", async (faults, promise) => {
  expect((await broken(faults)).some((name) => promise.test(name))).toBe(true);
});
