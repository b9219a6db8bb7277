import { createHmac } from "node:crypto";
import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { expect, test } from "vitest";
import { defineAdapter, idFrom, jsonBody, taking, utcSeconds } from "../src/index.ts";
import type { Webhook } from "../src/index.ts";
import { matchesHmac, SecretOption, withinWindow } from "../src/webhook/index.ts";
import { webhookSuite } from "../src/suite/index.ts";

const options = T.Object({ secrets: T.Array(SecretOption(), { minItems: 1 }) });
type Options = Static<typeof options>;

interface Faults {
  /** The first secret alone is tried. */
  readonly first?: boolean;
  /** What cannot be a signature is cut to one. */
  readonly cuts?: boolean;
  readonly timeless?: boolean;
  /** The body is not signed. */
  readonly bodiless?: boolean;
  readonly keyless?: boolean;
  readonly throws?: boolean;
  readonly open?: boolean;
}

const webhookOf = (faults: Faults): Webhook => ({
  options: faults.open ? T.Object({ secrets: T.Optional(T.Array(SecretOption())) }) : options,
  receive: ({ method, headers, body }, host) => {
    const { secrets } = host.options as Options;
    const signature = headers.get("x-signature");
    const at = headers.get("x-time") ?? "";
    const signed = matchesHmac(
      faults.cuts ? signature?.slice(0, 64) : signature,
      [`${at}.`, faults.bodiless ? "" : body],
      {
        algorithm: "sha256",
        encoding: "hex",
        secrets: faults.first ? secrets.slice(0, 1) : secrets,
      },
    );
    if (!signed || (!faults.timeless && !withinWindow(at, host.now())))
      return Promise.resolve({ kind: "refused", status: 401, message: "The signature is not ours." });
    if (method !== "POST") return Promise.resolve({ kind: "refused", status: 405, message: "POST it." });
    if (faults.throws) JSON.parse(new TextDecoder().decode(body));
    const replayKey = `${headers.get("x-id")}`;
    return Promise.resolve({ kind: "records", body, format: "body", ...(faults.keyless ? {} : { replayKey }) });
  },
});

async function broken(faults: Faults): Promise<readonly string[]> {
  const webhook = webhookOf(faults);
  const adapter = defineAdapter({
    name: "toy",
    source: "Custom",
    displayName: "Toy",
    record: T.Object({ key: T.String() }),
    formats: { body: jsonBody },
    eventId: (record) => idFrom(record.key),
    toEvent: (record, { id }) => ({
      version: "1",
      userIdentity: { type: "User", principalId: "unknown" },
      eventSource: "toy",
      eventName: "toy",
      eventTime: utcSeconds(1_769_860_800),
      UID: id,
      requestParameters: taking(record).rest(),
    }),
    webhook: () => Promise.resolve(webhook),
  });
  const runs: (readonly [string, () => void | Promise<void>])[] = [];
  webhookSuite({
    test: (name, run) => runs.push([name, run]),
    adapter,
    options: (secrets) => ({ secrets }),
    body: '{"key":"k-1"}',
    proves: "body",
    proofHeaders: ["x-signature"],
    hasTime: true,
    deliver: (body, secret, at, n) => {
      const time = String(Math.floor(at / 1000));
      const signature = createHmac("sha256", secret)
        .update(`${time}.`)
        .update(faults.bodiless ? "" : body)
        .digest("hex");
      const headers = new Headers({ "x-signature": signature, "x-time": time, "x-id": `delivery-${n}` });
      return { method: "POST", url: new URL("https://receiver.example/toy"), headers, body };
    },
  });
  const failed: string[] = [];
  for (const [name, run] of runs) {
    try {
      await run();
    } catch {
      failed.push(name.replace("toy webhook: ", ""));
    }
  }
  return failed;
}

test("a sound webhook keeps every promise of the suite", async () => {
  expect(await broken({})).toEqual([]);
});

test.each([
  [{ first: true }, "while a secret is rotated both are taken, and no third"],
  [{ cuts: true }, "without the proof, or with another, nothing is taken"],
  [{ timeless: true }, "outside the replay window nothing is taken, inside it the same delivery has the same key"],
  [{ bodiless: true }, "a changed body is not taken"],
  [{ keyless: true }, "outside the replay window nothing is taken, inside it the same delivery has the same key"],
  [{ throws: true }, "never throws, whatever is sent, proven or not"],
  [{ open: true }, "without a secret it does not start"],
] as const)("a webhook with the fault %j is found", async (faults, promise) => {
  expect(await broken(faults)).toContain(promise);
});
