import { createHash, sign } from "node:crypto";
import type { WebhookRequest } from "@tributary/adapter-kit";
import { selfSigned } from "./self-signed.ts";

export const region = "eu-central-1";
export const topicArn = `arn:aws:sns:${region}:111122223333:Notifications`;
export const now = Date.UTC(2026, 0, 31, 12);

type Members = Readonly<Record<string, unknown>>;

/** SNS of one region as an HTTPS subscriber sees it: what it posts, its certificate, the confirmation of subscriptions. */
export class FakeSns {
  readonly asked: URL[] = [];
  /** Tokens that wait for their confirmation. */
  readonly tokens = new Set<string>();
  readonly certificateUrl: string;
  readonly #pem: string;
  readonly #key;

  constructor(validity = { from: "2025-12-01T00:00:00", to: "2026-12-01T00:00:00" }) {
    const { privateKey, pem } = selfSigned(validity);
    this.#key = privateKey;
    this.#pem = pem;
    const file = createHash("md5").update(pem).digest("hex");
    this.certificateUrl = `https://sns.${region}.amazonaws.com/SimpleNotificationService-${file}.pem`;
  }

  readonly fetch = (url: URL): Promise<Response> => {
    this.asked.push(url);
    return Promise.resolve(this.#answer(url));
  };

  #answer(url: URL): Response {
    if (url.href === this.certificateUrl) return new Response(this.#pem);
    const query = url.searchParams;
    const confirms = url.host === `sns.${region}.amazonaws.com` && query.get("Action") === "ConfirmSubscription";
    if (!confirms) return new Response("<Error><Code>AccessDenied</Code></Error>", { status: 403 });
    const known = query.get("TopicArn") === topicArn && this.tokens.delete(query.get("Token") ?? "");
    return known
      ? new Response("<ConfirmSubscriptionResponse/>")
      : new Response("<ErrorResponse><Error><Code>InvalidParameter</Code></Error></ErrorResponse>", { status: 400 });
  }

  notification(members: Members = {}): Members {
    return this.signed({
      Type: "Notification",
      MessageId: "00000000-0000-4000-8000-000000000001",
      TopicArn: topicArn,
      Message: '{"key":"invoices/2026.pdf"}',
      Timestamp: new Date(now).toISOString(),
      SignatureVersion: "2",
      UnsubscribeURL: `https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${topicArn}:1`,
      MessageAttributes: {
        notificationType: { Type: "String", Value: "scanResult" },
        scanResult: { Type: "String", Value: "Infected" },
      },
      ...members,
    });
  }

  handshake(type: "SubscriptionConfirmation" | "UnsubscribeConfirmation", members: Members = {}): Members {
    this.tokens.add("made-up-token");
    return this.signed({
      Type: type,
      MessageId: "00000000-0000-4000-8000-000000000002",
      Token: "made-up-token",
      TopicArn: topicArn,
      Message: "You have chosen to subscribe to the topic.\nTo confirm the subscription, visit the SubscribeURL.",
      SubscribeURL: `https://sns.${region}.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=made-up-token`,
      Timestamp: new Date(now).toISOString(),
      SignatureVersion: "2",
      ...members,
    });
  }

  /** The members with their signature, as AWS's guide says it is made. */
  signed(members: Members): Members {
    const names =
      members["Type"] === "Notification"
        ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
        : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
    const text = names
      .filter((name) => Object.hasOwn(members, name))
      .map((name) => `${name}\n${String(members[name])}\n`)
      .join("");
    const digest = members["SignatureVersion"] === "1" ? "RSA-SHA1" : "RSA-SHA256";
    const signature = sign(digest, Buffer.from(text), this.#key).toString("base64");
    return { SigningCertURL: this.certificateUrl, Signature: signature, ...members };
  }

  /** As SNS writes it: a space on both sides of colons, text/plain. */
  post(members: Members): WebhookRequest {
    const body = JSON.stringify(members, null, 2).replaceAll(/^( +"[^"]+"):/gm, "$1 :");
    return {
      method: "POST",
      url: new URL("https://tributary.example.com/webhooks/cloud-storage-security"),
      headers: new Headers({
        "content-type": "text/plain; charset=UTF-8",
        "x-amz-sns-message-type": String(members["Type"]),
        "user-agent": "Amazon Simple Notification Service Agent",
      }),
      body: new TextEncoder().encode(body),
    };
  }
}
