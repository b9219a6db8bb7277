import { Type as T } from "@sinclair/typebox";
import {
  contentId,
  defineAdapter,
  type Json,
  jsonElements,
  jsonLines,
  type Poll,
  utcSeconds,
  type Webhook,
} from "@tributary/adapter-kit";
import { readAnswer } from "@tributary/adapter-kit/poll";
import { matchesHmac, SecretOption } from "@tributary/adapter-kit/webhook";

const pollOptions = T.Object(
  {
    url: T.String({ pattern: "^https?://", description: "Address of the vendor." }),
    token: SecretOption({ description: "Its token." }),
    pageSize: T.Integer({ minimum: 1, maximum: 1000, default: 100 }),
    pollSeconds: T.Integer({ minimum: 0, maximum: 60, default: 1 }),
  },
  { additionalProperties: false },
);

/** `GET /events?since=..&after=N&limit=M` with a bearer token answers `{"events": [...], "next": N}`. */
const poll: Poll<typeof pollOptions> = {
  options: pollOptions,
  requestsPerMinute: 100_000,
  history: "ordered",
  exclusive: ({ url }) => new URL(url).origin,
  async *pages(cursor, { options, fetch, since }) {
    let after = typeof cursor === "object" && cursor !== null && "after" in cursor ? Number(cursor["after"]) : 0;
    for (;;) {
      const url = new URL("/events", options.url);
      url.search = String(new URLSearchParams({ since, after: String(after), limit: String(options.pageSize) }));
      const response = await fetch(url, { headers: { authorization: `Bearer ${options.token.reveal()}` } });
      const { value, bytes } = await readAnswer(response, { what: "events of Toy" });
      const { events, next } = value as { readonly events: readonly Json[]; readonly next: number };
      after = next;
      yield {
        body: events.length === 0 ? new Uint8Array() : bytes,
        format: "page",
        cursor: { v: 1, after },
        waitSeconds: events.length < options.pageSize ? options.pollSeconds : 0,
        caughtUp: events.length < options.pageSize,
      };
    }
  },
};

const webhookOptions = T.Object({ secrets: T.Array(SecretOption(), { minItems: 1 }) }, { additionalProperties: false });

/** JSON lines, signed in `x-toy-signature` (hex HMAC-SHA-256 of the body); `x-toy-delivery` names the delivery. */
const webhook: Webhook<typeof webhookOptions> = {
  options: webhookOptions,
  receive: async ({ method, headers, body }, { options }) => {
    await Promise.resolve();
    if (method === "GET") return { kind: "reply", status: 200, body: "hello" };
    const proof = { algorithm: "sha256", encoding: "hex", secrets: options.secrets } as const;
    if (!matchesHmac(headers.get("x-toy-signature"), [body], proof))
      return { kind: "refused", status: 401, message: "The signature is wrong." };
    const replayKey = headers.get("x-toy-delivery");
    return { kind: "records", body, format: "lines", ...(replayKey !== null && { replayKey }) };
  },
};

/** A vendor of our own, with a poller and a receiver: `{"at": time, "what": name, "id"?: text}`. */
export default defineAdapter({
  name: "toy",
  source: "Custom",
  displayName: "Toy",
  record: T.Object({ at: T.String(), what: T.String(), id: T.Optional(T.String()) }),
  drops: { noise: "Heartbeats say nothing." },
  drop: (record) => (record.what === "noise" ? "noise" : undefined),
  countsOccurrences: true,
  eventId: (record, { origin }) => record.id ?? contentId(JSON.stringify(record), origin.occurrence, "toy"),
  toEvent: (record, { id }) => ({
    version: "1.0",
    userIdentity: { type: "Test", principalId: "tester" },
    eventSource: "toy.example.com",
    eventName: record.what,
    eventTime: utcSeconds(record.at),
    UID: id,
    additionalEventData: { ...record },
  }),
  formats: { page: jsonElements("/events"), lines: jsonLines },
  poll: () => Promise.resolve(poll),
  webhook: () => Promise.resolve(webhook),
});
