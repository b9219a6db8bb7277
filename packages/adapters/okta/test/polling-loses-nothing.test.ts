import { generateKeyPairSync } from "node:crypto";
import type { JsonWebKey } from "node:crypto";
import type { Json, Page, Poll, PollHost } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { pollSuite, VirtualClock } from "@tributary/adapter-kit/suite";
import type { HeldRecord } from "@tributary/adapter-kit/suite";
import { describe, expect, test } from "vitest";
import { okta } from "../src/index.ts";
import { oktaApi, orgUrl } from "./okta-api.ts";
import type { OktaApiOptions } from "./okta-api.ts";

const apiToken = "00synthetic-token-of-the-tests";
const withToken = { orgUrl, apiToken: secretFrom(apiToken), pageSize: 50 };

const logEvent = (n: number, at: number) => ({
  uuid: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  published: new Date(at).toISOString(),
  eventType: "user.session.start",
  version: "0",
  severity: "INFO",
  actor: { id: `00u${n}`, type: "User" },
  outcome: { result: "SUCCESS", reason: null },
});

pollSuite({
  test,
  adapter: okta,
  options: withToken,
  vendor: (world) => oktaApi(world, { apiToken }),
  record: logEvent,
  latenessSeconds: 900,
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicJwk = (kid: string, key = rsa.publicKey): JsonWebKey => ({ ...key.export({ format: "jwk" }), kid });
const app = { clientId: "0oa-synthetic", publicKey: publicJwk("key-1") };
const privateJwk = JSON.stringify({ ...rsa.privateKey.export({ format: "jwk" }), kid: "key-1" });
const withApp = { orgUrl, clientId: app.clientId, privateKey: secretFrom(privateJwk) };

describe("signed in as an app", () => {
  pollSuite({
    test,
    adapter: okta,
    options: { ...withApp, pageSize: 50 },
    vendor: (world) => oktaApi(world, { app }),
    record: logEvent,
    records: 1000,
    crashes: 30,
    latenessSeconds: 900,
  });
});

const start = Date.UTC(2026, 0, 31, 12);
const dayMs = 86_400_000;

/** A poller over events that are there already, without faults. */
async function begin(
  events: readonly HeldRecord[],
  options: Record<string, unknown>,
  api: OktaApiOptions = { apiToken },
  since = new Date(start - 3_600_000).toISOString(),
) {
  const clock = new VirtualClock(start);
  const poll: Poll = await okta.poll!();
  const asked: URL[] = [];
  const vendor = oktaApi(
    { now: clock.now, visible: () => events.filter(({ shownAt }) => shownAt <= clock.now()) },
    api,
  );
  const host: PollHost<unknown> = {
    options: readOptions(poll.options, options),
    since,
    now: clock.now,
    signal: new AbortController().signal,
    fetch: (url, init) => {
      asked.push(url);
      return vendor.fetch(new Request(url, init));
    },
  };
  const pages = (cursor?: Json) => poll.pages(cursor, host);
  return { clock, asked, pages };
}

const held = (n: number, at: number): HeldRecord => ({ n, at, shownAt: at, record: logEvent(n, at) });
const next = async (pages: AsyncGenerator<Page, void, void>): Promise<Page> => {
  const { value } = await pages.next();
  if (value === undefined) throw new Error("the poller ended");
  return value;
};
const ids = ({ body }: Page): readonly string[] =>
  body.length === 0
    ? []
    : (JSON.parse(Buffer.from(body).toString()) as { readonly uuid: string }[]).map(({ uuid }) => uuid);

test("a link that Okta forgot falls back to a time before the last event: some are read twice, none is missed", async () => {
  const events = Array.from({ length: 30 }, (_, n) => held(n, start - (30 - n) * 60_000));
  let linksSince = 0;
  const { pages, clock, asked } = await begin(
    events,
    { ...withToken, pageSize: 10 },
    { apiToken, linksSince: () => linksSince },
  );
  const first = await next(pages());
  expect(ids(first)).toHaveLength(10);
  clock.advance(60_000);
  linksSince = clock.now();
  const second = await next(pages(first.cursor));
  expect(asked.at(-1)!.searchParams.get("since")).toBe(new Date(events[9]!.at - 300_000).toISOString());
  expect(ids(second)[0]! <= ids(first).at(-1)!).toBe(true);
  expect(ids(second).at(-1)! > ids(first).at(-1)!).toBe(true);
});

test("an empty page keeps the cursor, stores nothing and waits", async () => {
  const { pages } = await begin([held(0, start - 1000)], withToken);
  const running = pages();
  const first = await next(running);
  const empty = await next(running);
  const again = await next(running);
  expect(ids(first)).toHaveLength(1);
  expect(empty.body).toHaveLength(0);
  expect(empty.waitSeconds).toBe(30);
  expect(again.cursor).toEqual(empty.cursor);
});

test("no event older than Okta keeps is asked for, at the beginning and after a long stop", async () => {
  const { pages, asked } = await begin([], withToken, { apiToken }, new Date(start - 400 * dayMs).toISOString());
  const first = await next(pages());
  const oldest = new Date(start - 90 * dayMs).toISOString();
  expect(asked[0]!.searchParams.get("since")).toBe(oldest);
  expect(first.cursor).toMatchObject({ v: 1, since: oldest });
  await next(pages({ v: 1, since: new Date(start - 300 * dayMs).toISOString(), next: "/api/v1/logs?after=gone" }));
  expect(asked.at(-1)!.searchParams.get("since")).toBe(oldest);
});

test("a 429 is waited out until X-Rate-Limit-Reset, by Okta's own clock", async () => {
  const { pause } = await okta.poll!();
  const headers = new Headers({ "x-rate-limit-reset": String(start / 1000 + 40), date: new Date(start).toUTCString() });
  expect(pause?.({ status: 429, headers }, start + 7_000_000)).toBe(41);
  expect(pause?.({ status: 429, headers: new Headers({ "retry-after": "7" }) }, start)).toBe(7);
  expect(pause?.({ status: 200, headers }, start)).toBeUndefined();
});

test("the host's clock stands in where Okta's answer has no Date", async () => {
  const { pause } = await okta.poll!();
  const headers = new Headers({ "x-rate-limit-reset": String(start / 1000 + 40) });
  expect(pause?.({ status: 429, headers }, start)).toBe(41);
});

test("an app signs in with a JWK, with PEM and its key id, or with a key of P-256", async () => {
  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = rsa.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const kinds = [
    { options: withApp, publicKey: app.publicKey },
    { options: { ...withApp, privateKey: secretFrom(pem), keyId: "key-2" }, publicKey: publicJwk("key-2") },
    {
      options: {
        ...withApp,
        privateKey: secretFrom(JSON.stringify({ ...elliptic.privateKey.export({ format: "jwk" }), kid: "key-3" })),
      },
      publicKey: publicJwk("key-3", elliptic.publicKey),
    },
  ];
  for (const { options, publicKey } of kinds) {
    const { pages } = await begin([held(0, start - 1000)], options, { app: { clientId: app.clientId, publicKey } });
    expect(ids(await next(pages()))).toHaveLength(1);
  }
});

test("an access token is asked for again before it ends", async () => {
  const { pages, clock, asked } = await begin([held(0, start - 1000)], withApp, { app });
  const running = pages();
  const signIns = () => asked.filter(({ pathname }) => pathname === "/oauth2/v1/token").length;
  await next(running);
  await next(running);
  expect(signIns()).toBe(1);
  clock.advance(3_590_000);
  await next(running);
  expect(signIns()).toBe(2);
});

test("no way to sign in, two, or a key that is none, is an error that names the option and not the key", async () => {
  const canary = "canary-that-is-no-key";
  for (const options of [
    { orgUrl },
    { ...withToken, ...withApp },
    { orgUrl, clientId: "0oa" },
    { ...withApp, privateKey: secretFrom(canary) },
    { ...withApp, privateKey: secretFrom(`{"kty":"${canary}"}`) },
    {
      ...withApp,
      privateKey: secretFrom(JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }))),
    },
  ]) {
    const { pages } = await begin([], options);
    const error = await next(pages()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "OPTIONS_INVALID" });
    expect(String(error)).not.toContain(canary);
  }
});

test("an event dated in the future does not move the fall-back past the others", async () => {
  const future: HeldRecord = { ...held(1, start - 60_000), record: logEvent(1, start + 90 * dayMs) };
  const { pages } = await begin([held(0, start - 120_000), future], { ...withToken });
  expect((await next(pages())).cursor).toMatchObject({ since: new Date(start - 300_000).toISOString() });
});
