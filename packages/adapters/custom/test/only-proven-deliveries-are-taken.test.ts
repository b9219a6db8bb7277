import { mapFile, fixtureContext, webhookSuite } from "@tributary/adapter-kit/suite";
import type { JsonObject, Received, WebhookRequest } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/webhook";
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { custom } from "../src/index.ts";

const now = Date.UTC(2026, 0, 31, 12);
const event = {
  specversion: "1.0",
  id: "ce-1",
  source: "https://shop.example.com",
  type: "order.paid",
  time: "2026-01-31T11:59:00Z",
};
const body = JSON.stringify({ ...event, data: { order: 7 } });
const url = new URL("https://hooks.example.com/custom");
const encode = (text: string) => new TextEncoder().encode(text);

const post = (headers: Readonly<Record<string, string>>, bytes: Uint8Array, method = "POST"): WebhookRequest => ({
  method,
  url,
  headers: new Headers(headers),
  body: bytes,
});
const structured = { "content-type": "application/cloudevents+json; charset=UTF-8" };

webhookSuite({
  test,
  adapter: custom,
  options: (secrets) => ({ proofs: [{ kind: "bearer", secrets }] }),
  deliver: (bytes, secret) => post({ ...structured, authorization: `Bearer ${secret}` }, bytes),
  body,
  proves: "secret",
  proofHeaders: ["authorization"],
  hasTime: false,
});

webhookSuite({
  test,
  adapter: { ...custom, name: "custom (shared secret in a header)" },
  options: (secrets) => ({ proofs: [{ kind: "header", header: "X-Shop-Secret", secrets }] }),
  deliver: (bytes, secret) => post({ ...structured, "x-shop-secret": secret }, bytes),
  body,
  proves: "secret",
  proofHeaders: ["x-shop-secret"],
  hasTime: false,
});

/** A delivery signed as Standard Webhooks says. */
function signed(bytes: Uint8Array, secret: string, at: number, id: string): WebhookRequest {
  const seconds = String(Math.floor(at / 1000));
  const hmac = createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"));
  const signature = hmac.update(`${id}.${seconds}.`).update(bytes).digest("base64");
  return post(
    {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": `v1,${signature}`,
    },
    bytes,
  );
}
const whsec = (text: string) => `whsec_${Buffer.from(text).toString("base64")}`;

webhookSuite({
  test,
  adapter: { ...custom, name: "custom (Standard Webhooks)" },
  options: (secrets) => ({ proofs: [{ kind: "standard-webhooks", secrets }] }),
  deliver: (bytes, secret, at, n) => signed(bytes, secret, at, `msg_${n}`),
  body,
  proves: "body",
  proofHeaders: ["webhook-id", "webhook-timestamp", "webhook-signature"],
  hasTime: true,
  secretOf: whsec,
});

async function receive(request: WebhookRequest, given: Readonly<Record<string, unknown>> = {}): Promise<Received> {
  const webhook = await custom.webhook!();
  const options: unknown = readOptions(webhook.options, {
    proofs: [{ kind: "bearer", secrets: [secretFrom("s3cret")] }],
    ...given,
  });
  return webhook.receive(request, {
    options,
    since: "2026-01-01T00:00:00Z",
    now: () => now,
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new Error("nothing is fetched")),
  });
}
const proven = { authorization: "bearer s3cret" };

/** What became of the first record of a delivery. */
async function eventOf(request: WebhookRequest, given: Readonly<Record<string, unknown>> = {}): Promise<JsonObject> {
  const received = await receive(request, given);
  expect(received).toMatchObject({ kind: "records" });
  if (received.kind !== "records") return {};
  const [result] = mapFile(custom, received.format, received.body, fixtureContext).flatMap(({ results }) => results);
  expect(result).toMatchObject({ kind: "event" });
  return result?.kind === "event" ? (JSON.parse(result.eventData) as JsonObject) : {};
}

const binary = (headers: Readonly<Record<string, string>>, bytes: Uint8Array = new Uint8Array()) =>
  post(
    {
      ...proven,
      "ce-specversion": "1.0",
      "ce-id": "ce-2",
      "ce-source": "/shop",
      "ce-type": "order.paid",
      "ce-time": "2026-01-31T11:59:00Z",
      ...headers,
    },
    bytes,
  );

test("a signature of the specification's own example is taken", async () => {
  // standard-webhooks.md gives the secret, the id, the time and the body; the clock is set to its time.
  const webhook = await custom.webhook!();
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const bytes = encode('{"test": 2432232314}');
  const request = post(
    {
      "content-type": "application/json",
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    bytes,
  );
  const options: unknown = readOptions(webhook.options, {
    proofs: [{ kind: "standard-webhooks", secrets: [secretFrom(secret)] }],
  });
  const host = {
    options,
    since: "",
    now: () => 1_614_265_330_000,
    signal: new AbortController().signal,
    fetch: () => Promise.reject(new Error("no")),
  };
  expect(await webhook.receive(request, host)).toMatchObject({
    kind: "records",
    format: "json",
    replayKey: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  });
});

test("while the sender rotates, one good signature of several is enough; other versions are passed over", async () => {
  const proofs = [{ kind: "standard-webhooks", secrets: [secretFrom(whsec("new secret of the shop!!"))] }];
  const good = signed(encode(body), whsec("new secret of the shop!!"), now, "msg_1");
  const signature = good.headers.get("webhook-signature")!;
  const variant = (text: string) => ({
    ...good,
    headers: new Headers({ ...Object.fromEntries(good.headers), "webhook-signature": text }),
  });
  expect((await receive(variant(`v1,AAAA v1a,xyz ${signature}`), { proofs })).kind).toBe("records");
  expect((await receive(variant(signature.replace("v1,", "v1a,")), { proofs })).kind).toBe("refused");
  expect((await receive(variant(signature.replace("v1,", "v2,")), { proofs })).kind).toBe("refused");
  expect((await receive(variant(`${"v1,AAAA ".repeat(16)}${signature}`), { proofs })).kind).toBe("refused");
  // A secret that is no base64 is the key itself.
  const plain = createHmac("sha256", "not-base64!")
    .update(`msg_2.${now / 1000}.`)
    .update(body)
    .digest("base64");
  const raw = post(
    {
      "content-type": "application/json",
      "webhook-id": "msg_2",
      "webhook-timestamp": String(now / 1000),
      "webhook-signature": `v1,${plain}`,
    },
    encode(body),
  );
  expect(
    (await receive(raw, { proofs: [{ kind: "standard-webhooks", secrets: [secretFrom("not-base64!")] }] })).kind,
  ).toBe("records");
});

test("an id that could move the parts of what is signed is refused", async () => {
  const secret = whsec("secret of the shop, long");
  const proofs = [{ kind: "standard-webhooks", secrets: [secretFrom(secret)] }];
  for (const id of ["msg.1", "msg 1", ""])
    expect((await receive(signed(encode(body), secret, now, id), { proofs })).kind).toBe("refused");
});

test("a secret of which only its mark is left signs nothing", async () => {
  const proofs = [{ kind: "standard-webhooks", secrets: [secretFrom("whsec_")] }];
  expect((await receive(signed(encode(body), "whsec_", now, "msg_1"), { proofs })).kind).toBe("refused");
});

test("ids of two senders that count alike are no replays of each other", async () => {
  const secrets = [whsec("secret of the shop, long"), whsec("secret of the till, long")];
  const proofs = secrets.map((secret) => ({ kind: "standard-webhooks", secrets: [secretFrom(secret)] }));
  const keys = await Promise.all(
    secrets.map(async (secret) => {
      const received = await receive(signed(encode(body), secret, now, "1"), { proofs });
      return received.kind === "records" ? received.replayKey : undefined;
    }),
  );
  expect(keys).toEqual(["1", "1.1"]);
});

test("one of several proofs is enough, and each only by its own secret", async () => {
  const proofs = [
    { kind: "standard-webhooks", secrets: [secretFrom(whsec("secret of the shop, long"))] },
    { kind: "header", header: "x-key", secrets: [secretFrom("k3y")] },
    { kind: "bearer", secrets: [secretFrom("s3cret")] },
  ];
  const kind = async (headers: Readonly<Record<string, string>>) =>
    (await receive(post({ ...structured, ...headers }, encode(body)), { proofs })).kind;
  expect(await kind({ "x-key": "k3y" })).toBe("records");
  expect(await kind({ authorization: "Bearer s3cret" })).toBe("records");
  expect(await kind({ "x-key": "s3cret" })).toBe("refused");
  expect(await kind({ authorization: "Bearer k3y" })).toBe("refused");
  expect(await kind({ authorization: "Basic s3cret" })).toBe("refused");
  expect(await kind({ authorization: "s3cret" })).toBe("refused");
});

test("CloudEvents come structured, in batches and binary, and are one event each way", async () => {
  const one = await eventOf(post({ ...proven, ...structured }, encode(body)));
  expect(one).toMatchObject({ eventName: "order.paid", requestParameters: { order: 7 } });
  const batch = await receive(
    post(
      { ...proven, "content-type": "application/cloudevents-batch+json" },
      encode(`[${body},${body.replace("ce-1", "ce-9")}]`),
    ),
  );
  expect(batch.kind === "records" && mapFile(custom, batch.format, batch.body, fixtureContext).length).toBe(2);
  const same = await eventOf(
    post(
      {
        ...proven,
        "content-type": "application/json",
        ...Object.fromEntries(Object.entries(event).map(([name, value]) => [`ce-${name}`, value])),
      },
      encode('{"order":7}'),
    ),
  );
  expect({ ...same, additionalEventData: null }).toEqual({ ...one, additionalEventData: null });
  expect((await receive(post({ ...proven, "content-type": "application/cloudevents+avro" }, encode(body)))).kind).toBe(
    "refused",
  );
});

test("binary attributes are decoded, and data of any kind arrives", async () => {
  const euro = await eventOf(
    binary({
      "ce-subject": "Euro%20%E2%82%AC%20%F0%9F%98%80",
      "ce-quoted": '"a \\"b\\""',
      "ce-dataschema": "https://example.com/s",
      "ce-dataref": "r",
    }),
  );
  expect(euro["additionalEventData"]).toEqual({
    subject: "Euro € 😀",
    quoted: 'a "b"',
    dataschema: "https://example.com/s",
    dataref: "r",
    time: "2026-01-31T11:59:00Z",
  });
  expect(euro["requestParameters"]).toBe(undefined);
  const data = async (type: string | undefined, bytes: Uint8Array) =>
    (await eventOf(binary(type === undefined ? {} : { "content-type": type }, bytes)))["requestParameters"];
  expect(await data("application/json; charset=utf-8", encode('{"n":12345678901234567890}'))).toEqual({
    n: "12345678901234567890",
  });
  expect(await data("application/vnd.shop+json", encode("[1]"))).toEqual({ data: [1] });
  expect(await data("text/plain", encode("plain"))).toEqual({ data: "plain" });
  expect(await data("application/xml", encode("<a/>"))).toEqual({ data: "<a/>" });
  expect(await data("application/octet-stream", encode("hello"))).toEqual({ data_base64: "aGVsbG8=" });
  expect(await data(undefined, encode("hello"))).toEqual({ data_base64: "aGVsbG8=" });
  expect(await data("text/plain", Uint8Array.of(0xff))).toEqual({ data_base64: "/w==" });
});

test.each([
  ["bad percent-encoding", { "ce-subject": "%C0%A0" }, "", "The value of ce-subject is no percent-encoded UTF-8."],
  ["a data header", { "ce-data": "x" }, "", "The header ce-data may not stand beside the data of the body."],
  [
    "a content type twice",
    { "ce-datacontenttype": "x" },
    "",
    "The header ce-datacontenttype may not stand beside the data of the body.",
  ],
  [
    "a body that is no JSON",
    { "content-type": "application/json" },
    '1,"id":"x"',
    "The body is not JSON, as its content type says.",
  ],
])("a binary event with %s is refused with the reason", async (_what, headers, text, message) => {
  expect(await receive(binary(headers as Readonly<Record<string, string>>, encode(text)))).toEqual({
    kind: "refused",
    status: 400,
    message,
  });
});

const asked = (origin: string | undefined) =>
  post(
    origin === undefined ? {} : { "webhook-request-origin": origin, "webhook-request-rate": "120" },
    new Uint8Array(),
    "OPTIONS",
  );

const agreed = (origin: string) => ({
  kind: "reply",
  status: 200,
  headers: { allow: "POST", "webhook-allowed-origin": origin, "webhook-allowed-rate": "*" },
});

test("the handshake of CloudEvents is answered for origins that are named, and stores nothing", async () => {
  expect(await receive(asked("Eventgrid.azure.net"), { origins: ["eventgrid.azure.net"] })).toEqual(
    agreed("Eventgrid.azure.net"),
  );
  expect(await receive(asked("any.example.com"), { origins: ["*"] })).toEqual(agreed("any.example.com"));
  for (const [origin, origins] of [
    ["other.example.com", ["eventgrid.azure.net"]],
    ["any.example.com", undefined],
    [undefined, ["*"]],
    ["bad origin", ["*"]],
  ] as const)
    expect(await receive(asked(origin), origins === undefined ? {} : { origins })).toMatchObject({
      kind: "refused",
      status: 405,
    });
});

test("the format of a plain body is told by its type, else by its look, unless the options say it", async () => {
  const formatOf = async (type: string | undefined, text: string, given: Readonly<Record<string, unknown>> = {}) => {
    const received = await receive(
      post({ ...proven, ...(type === undefined ? {} : { "content-type": type }) }, encode(text)),
      given,
    );
    return received.kind === "records"
      ? received.format
      : received.kind === "refused"
        ? received.status
        : received.kind;
  };
  expect(await formatOf("application/json", "[]")).toBe("json");
  expect(await formatOf("application/x-ndjson", "{}\n{}")).toBe("ndjson");
  expect(await formatOf("text/csv; charset=utf-8", "a,b\n1,2")).toBe("csv");
  expect(await formatOf("text/plain", "CEF:0|a|b|1|1|n|3|")).toBe("cef");
  expect(await formatOf(undefined, "<13>1 - - - - - -")).toBe("syslog");
  expect(await formatOf(undefined, '[{"a":1}]')).toBe("json");
  expect(await formatOf("text/plain", "hello")).toBe(415);
  expect(await formatOf("text/plain", "hello", { format: "syslog" })).toBe("syslog");
  expect(await formatOf("application/json", body, { format: "ndjson" })).toBe("ndjson");
  expect(await receive(post({ ...proven, ...structured }, encode(body), "PUT"))).toMatchObject({
    kind: "refused",
    status: 405,
  });
  await expect(receive(post({}, new Uint8Array()), { format: "xml" })).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
  });
});
