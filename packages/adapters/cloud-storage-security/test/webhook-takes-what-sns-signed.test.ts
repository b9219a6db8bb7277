import type { PollHost, Received, WebhookRequest } from "@tributary/adapter-kit";
import { mapFrame } from "@tributary/adapter-kit";
import { webhookSuite } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { cloudStorageSecurity } from "../src/index.ts";
import { webhook } from "../src/webhook.ts";
import { FakeSns, now, region, topicArn } from "./fake-sns.ts";

const sns = new FakeSns();

webhookSuite({
  test,
  adapter: cloudStorageSecurity,
  // What a sender must be let in by is the topic; SNS has no shared secret.
  secretOf: (text) => `arn:aws:sns:${region}:111122223333:${text}`,
  options: (secrets) => ({ topicArns: secrets.map((secret) => secret.reveal()) }),
  deliver: (body, secret, at, n) =>
    sns.post(
      sns.notification({
        Message: new TextDecoder().decode(body),
        TopicArn: secret,
        MessageId: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
        Timestamp: new Date(at).toISOString(),
      }),
    ),
  body: '{"key":"invoices/2026.pdf"}',
  proves: "body",
  proofHeaders: [],
  // Its window is longer than the suite's: tested below.
  hasTime: false,
  fetch: sns.fetch,
});

function receive(request: WebhookRequest, from: Pick<FakeSns, "fetch"> = sns): Promise<Received> {
  const host: PollHost<{ topicArns: string[] }> = {
    options: { topicArns: [topicArn] },
    fetch: from.fetch,
    since: new Date(now).toISOString(),
    now: () => now,
    signal: new AbortController().signal,
  };
  return webhook.receive(request, host);
}

const noAnswer = () => Promise.reject(new Error("no answer"));

test.each(["1", "2"])("signatures of version %s are verified, with and without a subject", async (SignatureVersion) => {
  for (const subject of [{}, { Subject: "A file is infected" }]) {
    const message = sns.notification({ SignatureVersion, ...subject });
    const received = await receive(sns.post(message));
    expect(received).toMatchObject({ kind: "records", format: "json", replayKey: message["MessageId"] });
    if (received.kind !== "records") continue;
    const [result] = mapFrame(cloudStorageSecurity, received.format, received.body, {
      accountId: "111122223333",
      origin: { receivedAt: new Date(now).toISOString(), occurrence: 0 },
    });
    expect(result).toMatchObject({ kind: "event", id: message["MessageId"] });
  }
});

test("no member that is signed can be changed, left out or added", async () => {
  const message = sns.notification();
  for (const name of ["Message", "MessageId", "Timestamp", "TopicArn", "Type", "SignatureVersion", "Signature"]) {
    const { [name]: value, ...without } = message;
    for (const changed of [
      without,
      { ...message, [name]: `${String(value)} ` },
      { ...message, [name]: null },
      { ...message, [name]: 1 },
      { ...message, [name]: "" },
    ])
      expect(await receive(sns.post(changed)), `${name}: ${JSON.stringify(changed)}`).toMatchObject({ status: 403 });
  }
  expect(await receive(sns.post({ ...message, Subject: "added" }))).toMatchObject({ status: 403 });
  expect(
    await receive(sns.post({ ...sns.notification({ SignatureVersion: "1" }), SignatureVersion: "2" })),
  ).toMatchObject({ status: 403 });
  expect(await receive(sns.post(sns.notification({ SignatureVersion: "3" })))).toMatchObject({ status: 403 });
});

test("the lines of a message cannot be moved from one member to another", async () => {
  const message = sns.notification({ Message: "a\nMessageId\nb\nSubject\nc" });
  const moved = { ...message, Message: "a", Subject: "c", MessageId: "b" };
  expect(await receive(sns.post(moved))).toMatchObject({ kind: "refused", status: 403 });
  // The same string to sign, under another id.
  const renamed = { ...moved, Subject: `c\nMessageId\n${String(message["MessageId"])}` };
  expect(await receive(sns.post(renamed))).toMatchObject({ kind: "refused", status: 403 });
});

test("a name that stands twice is refused, since parsers differ in which one they take", async () => {
  const request = sns.post(sns.notification());
  const text = new TextDecoder().decode(request.body).replace("{", '{"Message":"another",');
  expect(await receive({ ...request, body: new TextEncoder().encode(text) })).toMatchObject({ status: 403 });
});

test.each([
  `http://sns.${region}.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem`,
  "https://sns.example.com/SimpleNotificationService-0123456789abcdef.pem",
  `https://sns.${region}.amazonaws.com.example.com/SimpleNotificationService-0123456789abcdef.pem`,
  `https://sns.${region}.amazonaws.com.cn/SimpleNotificationService-0123456789abcdef.pem`,
  `https://sns.${region}.amazonaws.com@example.com/SimpleNotificationService-0123456789abcdef.pem`,
  `https://sns.${region}.amazonaws.com:8443/SimpleNotificationService-0123456789abcdef.pem`,
  `https://bucket.s3.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem`,
  `https://sns.a.b.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem`,
  `https://sns.${region}.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem?x`,
  `https://sns.${region}.amazonaws.com/../other/SimpleNotificationService-0123456789abcdef.pem`,
  `https://sns.${region}.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem\n`,
  "https://192.0.2.1/SimpleNotificationService-0123456789abcdef.pem",
  "",
])("a certificate of %j is not asked for", async (SigningCertURL) => {
  const own = new FakeSns();
  expect(await receive(own.post(own.notification({ SigningCertURL })), own)).toMatchObject({ status: 403 });
  expect(own.asked).toEqual([]);
});

test("a certificate is asked for once, however many messages it signed", async () => {
  const own = new FakeSns();
  for (let n = 0; n < 3; n += 1) await receive(own.post(own.notification()), own);
  expect(own.asked.map((url) => url.href)).toEqual([own.certificateUrl]);
});

test("another's certificate, an expired one, one that is not valid yet, none at all: refused", async () => {
  const other = new FakeSns();
  const signedByOther = { ...other.notification(), SigningCertURL: sns.certificateUrl };
  expect(await receive(sns.post(signedByOther))).toMatchObject({ status: 403 });
  for (const validity of [
    { from: "2024-01-01T00:00:00", to: "2026-01-31T11:59:59" },
    { from: "2026-01-31T12:00:01", to: "2027-01-01T00:00:00" },
  ]) {
    const own = new FakeSns(validity);
    expect(await receive(own.post(own.notification()), own)).toMatchObject({ status: 403 });
  }
  const own = new FakeSns();
  for (const answer of [new Response("no certificate"), new Response("", { status: 404 })])
    expect(await receive(own.post(own.notification()), { fetch: () => Promise.resolve(answer) })).toMatchObject({
      status: 403,
    });
});

test("while SNS does not serve its certificate the delivery fails, and is tried again", async () => {
  const own = new FakeSns();
  await expect(receive(own.post(own.notification()), { fetch: noAnswer })).rejects.toThrow("no answer");
  expect(await receive(own.post(own.notification()), own)).toMatchObject({ kind: "records" });
});

test("a message is taken as long as SNS may try to deliver it, and not later", async () => {
  const at = (minutes: number) =>
    sns.post(sns.notification({ Timestamp: new Date(now + minutes * 60_000).toISOString() }));
  for (const minutes of [-64, -30, 0, 4]) expect(await receive(at(minutes))).toMatchObject({ kind: "records" });
  for (const minutes of [-66, -60 * 24, 6]) expect(await receive(at(minutes))).toMatchObject({ status: 403 });
  expect(await receive(sns.post(sns.notification({ Timestamp: "soon" })))).toMatchObject({ status: 403 });
});

test("a subscription of a listed topic is confirmed at SNS itself, whatever address the message names", async () => {
  const own = new FakeSns();
  const handshake = own.handshake("SubscriptionConfirmation", { SubscribeURL: "https://192.0.2.1/take-this" });
  expect(await receive(own.post(handshake), own)).toMatchObject({ kind: "reply", status: 200 });
  const [, confirmation, ...more] = own.asked;
  expect(confirmation?.origin).toBe(`https://sns.${region}.amazonaws.com`);
  expect(Object.fromEntries(confirmation!.searchParams)).toEqual({
    Action: "ConfirmSubscription",
    TopicArn: topicArn,
    Token: "made-up-token",
    Version: "2010-03-31",
  });
  expect(more).toEqual([]);
  expect(own.tokens.size).toBe(0);
});

test("a subscription of another topic is not confirmed, nor is one that SNS did not sign", async () => {
  const own = new FakeSns();
  const elsewhere = own.handshake("SubscriptionConfirmation", { TopicArn: `${topicArn}-of-somebody` });
  expect(await receive(own.post(elsewhere), own)).toMatchObject({ status: 403 });
  const forged = { ...own.handshake("SubscriptionConfirmation"), Token: "another" };
  expect(await receive(own.post(forged), own)).toMatchObject({ status: 403 });
  expect(own.asked.filter((url) => url.searchParams.has("Action"))).toEqual([]);
});

test("a confirmation that SNS does not take is answered so that SNS asks again", async () => {
  const own = new FakeSns();
  const handshake = own.handshake("SubscriptionConfirmation");
  own.tokens.clear();
  expect(await receive(own.post(handshake), own)).toMatchObject({ kind: "reply", status: 502 });
});

test("the end of a subscription is answered and not undone", async () => {
  const own = new FakeSns();
  expect(await receive(own.post(own.handshake("UnsubscribeConfirmation")), own)).toMatchObject({ status: 200 });
  expect(own.asked.filter((url) => url.searchParams.has("Action"))).toEqual([]);
});

test("raw messages, other methods and endless bodies are refused before anything is read", async () => {
  const raw = sns.post(sns.notification());
  raw.headers.set("x-amz-sns-rawdelivery", "true");
  const refused = await receive(raw);
  expect(refused).toMatchObject({ status: 403 });
  expect(refused.kind === "refused" && refused.message).toContain("Raw message delivery");
  expect(await receive({ ...sns.post(sns.notification()), method: "GET" })).toMatchObject({ status: 405 });
  const body = new Uint8Array(2 * 1024 * 1024 + 1);
  expect(await receive({ ...sns.post(sns.notification()), body })).toMatchObject({ status: 413 });
});
