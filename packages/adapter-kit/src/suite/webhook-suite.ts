import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Adapter } from "../contract/adapter.ts";
import type { PollHost } from "../contract/poll.ts";
import { secretFrom } from "../contract/secret.ts";
import type { Secret } from "../contract/secret.ts";
import type { Received, Webhook, WebhookRequest } from "../contract/webhook.ts";
import { readOptions } from "../poll/read-options.ts";
import { fixtureContext, mapFile } from "./fixtures.ts";
import { suiteTimeout } from "./suite-test.ts";
import type { SuiteTest } from "./suite-test.ts";

export interface WebhookSuiteOptions {
  readonly test: SuiteTest;
  readonly adapter: Adapter;
  /** The webhook's options with these secrets. */
  readonly options: (secrets: readonly Secret[]) => Readonly<Record<string, unknown>>;
  /** A delivery of a body as the vendor makes it, proved by the secret, at a time in ms; `n` tells deliveries apart (their ids). */
  readonly deliver: (body: Uint8Array, secret: string, at: number, n: number) => WebhookRequest;
  /** A body that holds at least one record. */
  readonly body: string;
  /** What the proof covers: the body's bytes, or nothing but the knowledge of a secret. */
  readonly proves: "body" | "secret";
  /** Names of the headers that prove the sender. */
  readonly proofHeaders: readonly string[];
  /** Whether the delivery has a time that a replay window can be held against. */
  readonly hasTime: boolean;
  /** Makes a secret of the vendor's form out of a text. Default: the text. */
  readonly secretOf?: ((text: string) => string) | undefined;
  /** What the receiver may ask for, such as a certificate. Default: nothing. */
  readonly fetch?: PollHost<unknown>["fetch"] | undefined;
}

const now = Date.UTC(2026, 0, 31, 12);

function records(received: Received): Extract<Received, { kind: "records" }> {
  assert.ok(received.kind === "records", JSON.stringify(received));
  return received;
}

/** What every webhook promises: a proven sender's records are taken, anybody else's are not, whatever they send. */
export function webhookSuite(suite: WebhookSuiteOptions): void {
  const { test, adapter, deliver, proofHeaders, secretOf = (text: string) => text } = suite;
  const promise = (name: string, run: () => Promise<void>): void =>
    test(`${adapter.name} webhook: ${name}`, run, suiteTimeout);
  const body = new TextEncoder().encode(suite.body);
  const secret = secretOf("first-secret-of-the-suite");
  const other = secretOf("other-secret-of-the-suite");
  const load = async (): Promise<Webhook> => {
    assert.ok(adapter.webhook !== undefined, "the adapter has no webhook");
    return adapter.webhook();
  };
  const receiver = async (
    secrets: readonly string[] = [secret],
  ): Promise<(request: WebhookRequest) => Promise<Received>> => {
    const webhook = await load();
    const options: unknown = readOptions(webhook.options, suite.options(secrets.map(secretFrom)));
    const fetch = suite.fetch ?? (() => Promise.reject(new Error("the receiver asked for something")));
    const host = {
      options,
      since: new Date(now).toISOString(),
      now: () => now,
      signal: new AbortController().signal,
      fetch,
    };
    return (request) => webhook.receive(request, host);
  };
  const refusedAs = (received: Received, told: string): void => {
    assert.ok(received.kind === "refused", `${told}: ${JSON.stringify(received)}`);
    assert.ok(received.status === 401 || received.status === 403, `${told}: HTTP ${received.status}`);
    assert.ok(![secret, other].some((text) => received.message.includes(text)), "a secret in a message");
  };

  promise("a delivery of the vendor becomes events", async () => {
    const receive = await receiver();
    const taken = records(await receive(deliver(body, secret, now, 1)));
    const results = mapFile(adapter, taken.format, taken.body, fixtureContext).flatMap((frame) => frame.results);
    assert.ok(results.length > 0 && results.every(({ kind }) => kind === "event"), JSON.stringify(results));
  });

  promise("while a secret is rotated both are taken, and no third", async () => {
    const receive = await receiver([secret, other]);
    for (const one of [secret, other]) records(await receive(deliver(body, one, now, 1)));
    refusedAs(await receive(deliver(body, secretOf("third-secret-of-the-suite"), now, 1)), "a third secret");
  });

  promise("without a secret it does not start", async () => {
    const webhook = await load();
    for (const secrets of [[], [secretFrom("")], [secretFrom("  ")]])
      assert.throws(() => readOptions(webhook.options, suite.options(secrets)), { code: "OPTIONS_INVALID" });
    assert.throws(() => readOptions(webhook.options, {}), { code: "OPTIONS_INVALID" });
  });

  promise("without the proof, or with another, nothing is taken", async () => {
    const receive = await receiver();
    const genuine = deliver(body, secret, now, 1);
    const changed = (name: string, value: string | undefined): WebhookRequest => {
      const headers = new Headers(genuine.headers);
      if (value === undefined) headers.delete(name);
      else headers.set(name, value);
      return { ...genuine, headers };
    };
    for (const name of proofHeaders) {
      const value = genuine.headers.get(name) ?? "";
      const last = value.at(-1) ?? "a";
      const wrong = [
        undefined,
        "",
        " ",
        value.slice(0, -1),
        `${value}0`,
        value.slice(1),
        `${value.slice(0, -1)}${last === "0" ? "1" : "0"}`,
        "x".repeat(value.length),
        "0".repeat(10_000),
        value.split(/[=, ]/)[0],
      ];
      for (const text of wrong.filter((one) => one !== value))
        refusedAs(await receive(changed(name, text)), `${name}: ${JSON.stringify(text?.slice(0, 100))}`);
    }
    refusedAs(await receive(deliver(body, other, now, 1)), "another secret");
    refusedAs(await receive(deliver(body, "", now, 1)), "an empty secret");
  });

  if (suite.proves === "body")
    promise("a changed body is not taken", async () => {
      const receive = await receiver();
      const genuine = deliver(body, secret, now, 1);
      for (let at = 0; at < body.length; at += Math.max(1, Math.floor(body.length / 50))) {
        const changed = body.slice();
        changed[at] = changed[at]! ^ 1;
        refusedAs(await receive({ ...genuine, body: changed }), `byte ${at}`);
      }
      refusedAs(await receive({ ...genuine, body: body.subarray(0, -1) }), "a shorter body");
      refusedAs(await receive({ ...genuine, body: new Uint8Array() }), "no body");
    });

  if (suite.hasTime)
    promise("outside the replay window nothing is taken, inside it the same delivery has the same key", async () => {
      const receive = await receiver();
      for (const minutes of [-4, 0, 4]) records(await receive(deliver(body, secret, now + minutes * 60_000, 1)));
      for (const minutes of [-6, 6, -60 * 24 * 365])
        refusedAs(await receive(deliver(body, secret, now + minutes * 60_000, 1)), `${minutes} minutes`);
      const keys = await Promise.all(
        [1, 1, 2].map(async (n) => records(await receive(deliver(body, secret, now, n))).replayKey),
      );
      assert.ok(keys[0] !== undefined && keys[0] === keys[1] && keys[0] !== keys[2], JSON.stringify(keys));
    });

  promise("never throws, whatever is sent, proven or not", async () => {
    const receive = await receiver();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        fc.constantFrom("GET", "POST", "PUT", "OPTIONS", "HEAD"),
        fc.boolean(),
        async (bytes, method, proven) => {
          const made = deliver(bytes, proven ? secret : other, now, 1);
          const received = await receive({ ...made, method });
          assert.ok(["records", "reply", "refused"].includes(received.kind));
          if (!proven) assert.notEqual(received.kind, "records");
        },
      ),
      { numRuns: 300 },
    );
  });
}
