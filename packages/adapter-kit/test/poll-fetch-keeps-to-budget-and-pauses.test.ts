import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  linkOf,
  linkWithin,
  pollFetch,
  readAnswer,
  readOptions,
  retryAfterSeconds,
  secretFrom,
  SecretOption,
  tokenFetch,
} from "../src/poll/index.ts";
import { VirtualClock } from "../src/suite/index.ts";
import { inspect } from "node:util";
import { Type as T } from "@sinclair/typebox";

const url = new URL("https://vendor.example/events");
const signal = new AbortController().signal;
const fetchOf = (
  clock: VirtualClock,
  network: (request: Request) => Promise<Response>,
  more: {
    readonly requestsPerMinute?: number;
    readonly pause?: (answer: { status: number }) => number | undefined;
  } = {},
) => pollFetch({ network, clock, random: () => 0.5, requestsPerMinute: 60, signal, ...more });

test("no more requests than the budget go out in any 60 seconds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 60 }),
      async (budget, gaps) => {
        const clock = new VirtualClock(0);
        const sent: number[] = [];
        const fetch = fetchOf(clock, () => Promise.resolve((sent.push(clock.now()), new Response("{}"))), {
          requestsPerMinute: budget,
        });
        for (const gap of gaps) {
          clock.advance(gap);
          await fetch(url);
        }
        for (const at of sent)
          expect(sent.filter((other) => other > at - 60_000 && other <= at).length).toBeLessThanOrEqual(budget);
      },
    ),
  );
});

const waits = async (headers: Record<string, string>, pause?: () => number | undefined) => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 31, 12));
  const began = clock.now();
  let times = 0;
  const network = () =>
    Promise.resolve(times++ === 0 ? new Response("", { status: 429, headers }) : new Response("{}"));
  await fetchOf(
    clock,
    network,
    pause === undefined ? {} : { pause: ({ status }) => (status === 429 ? pause() : undefined) },
  )(url);
  return clock.now() - began;
};

test("Retry-After is kept to, in seconds and as a date, and a vendor's own pause before it", async () => {
  expect(await waits({ "retry-after": "17" })).toBe(17_500);
  expect(await waits({ "retry-after": "Sat, 31 Jan 2026 12:00:20 GMT" })).toBe(20_500);
  expect(await waits({ "retry-after": "17" }, () => 40)).toBe(40_500);
  expect(await waits({ "retry-after": "999999" })).toBe(3_600_500);
  expect(await waits({})).toBe(500);
  expect(retryAfterSeconds(new Headers({ "retry-after": "soon" }), 0)).toBeUndefined();
});

test("a vendor that never answers is given up on after eight tries, with an error that may pass and names no parameter", async () => {
  const clock = new VirtualClock(0);
  let tries = 0;
  const fetch = fetchOf(clock, () => ((tries += 1), Promise.reject(new TypeError("fetch failed"))));
  await expect(fetch(new URL("?key=hidden", url))).rejects.toMatchObject({
    code: "VENDOR_UNAVAILABLE",
    retryable: true,
  });
  await expect(fetch(new URL("?key=hidden", url))).rejects.toThrow(/^vendor\.example did not answer 8 times/);
  expect(tries).toBe(16);
});

test("redirects are not followed and are no answer", async () => {
  const clock = new VirtualClock(0);
  const seen: string[] = [];
  const fetch = fetchOf(clock, (request) => {
    seen.push(request.redirect);
    return Promise.resolve(new Response("", { status: 302, headers: { location: "https://elsewhere.example/" } }));
  });
  await expect(fetch(url).then((response) => readAnswer(response, { what: "events" }))).rejects.toMatchObject({
    code: "VENDOR_REFUSED",
  });
  expect(seen).toEqual(["manual"]);
});

test("a body that is longer than asked for, or breaks off, is no answer", async () => {
  await expect(readAnswer(new Response("[1,2,3]"), { what: "events", maxBytes: 6 })).rejects.toMatchObject({
    code: "VENDOR_ANSWER_INVALID",
  });
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) });
  await expect(readAnswer(new Response(broken), { what: "events" })).rejects.toMatchObject({
    code: "VENDOR_ANSWER_INVALID",
    retryable: true,
  });
});

test("a token is asked for once, again before it ends, and once more on 401", async () => {
  const clock = new VirtualClock(0);
  let asked = 0;
  let revoked = "";
  const host = {
    now: clock.now,
    fetch: (_: URL, init?: RequestInit) =>
      Promise.resolve(
        new Response("", { status: new Headers(init?.headers).get("authorization") === revoked ? 401 : 200 }),
      ),
  };
  const fetch = tokenFetch(host, { ask: () => Promise.resolve({ token: `t${++asked}`, expiresInSeconds: 600 }) });
  await fetch(url);
  await fetch(url);
  expect(asked).toBe(1);
  clock.advance(545_000);
  await fetch(url);
  expect(asked).toBe(2);
  revoked = "Bearer t2";
  expect((await fetch(url)).status).toBe(200);
  expect(asked).toBe(3);
});

test("links are read from the header and kept to the API's origin", () => {
  const headers = new Headers({
    link: '<https://vendor.example/a?x=1,2>; rel="self", <https://vendor.example/b>; rel="next last"',
  });
  expect(linkOf(headers, "next")).toBe("https://vendor.example/b");
  expect(linkOf(headers, "self")).toBe("https://vendor.example/a?x=1,2");
  expect(linkOf(headers, "prev")).toBeUndefined();
  expect(linkWithin(url, "/more?p=2").href).toBe("https://vendor.example/more?p=2");
  for (const link of [
    "https://elsewhere.example/",
    "http://vendor.example/",
    "https://vendor.example:444/",
    "//elsewhere.example/x",
    "https://u:p@vendor.example/",
    "http://[",
  ])
    expect(() => linkWithin(url, link)).toThrow(expect.objectContaining({ code: "VENDOR_LINK_ELSEWHERE" }));
});

test("secrets must be resolved and not empty, and never show themselves", () => {
  const schema = T.Object({ secrets: T.Array(SecretOption(), { minItems: 1 }), page: T.Integer({ default: 100 }) });
  const read = readOptions(schema, { secrets: [secretFrom("hidden")] });
  expect(read.page).toBe(100);
  expect(read.secrets[0]?.reveal()).toBe("hidden");
  for (const secrets of [[], [secretFrom("")], ["hidden"], undefined])
    expect(() => readOptions(schema, { secrets })).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
  expect(
    [
      "".concat(secretFrom("hidden") as unknown as string),
      JSON.stringify(secretFrom("hidden")),
      inspect(secretFrom("hidden")),
    ].join(),
  ).not.toContain("hidden");
});

test("secrets may stand in a choice of objects, and a mark that a user writes is none", () => {
  const schema = T.Object({
    proof: T.Union([
      T.Object({ kind: T.Literal("hmac"), secret: SecretOption() }),
      T.Object({ kind: T.Literal("token"), token: SecretOption(), header: T.String({ default: "authorization" }) }),
    ]),
  });
  const read = readOptions(schema, { proof: { kind: "token", token: secretFrom("hidden") } });
  expect(read.proof).toMatchObject({ kind: "token", header: "authorization" });
  expect("token" in read.proof && read.proof.token.reveal()).toBe("hidden");
  for (const secret of ["hidden", { "x-tributary-secret": 0 }, { "x-tributary-secret": 7 }, secretFrom(" ")])
    expect(() => readOptions(schema, { proof: { kind: "hmac", secret } })).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }),
    );
});

test("the second and later tries go to the address that the poller gave for them", async () => {
  const clock = new VirtualClock(0);
  const seen: string[] = [];
  const fetch = fetchOf(clock, (request) => {
    seen.push(new URL(request.url).search);
    return seen.length < 3 ? Promise.reject(new TypeError("fetch failed")) : Promise.resolve(new Response("{}"));
  });
  await fetch(new URL("?operation=next", url), { again: new URL("?operation=resend", url) });
  expect(seen).toEqual(["?operation=next", "?operation=resend", "?operation=resend"]);
});
