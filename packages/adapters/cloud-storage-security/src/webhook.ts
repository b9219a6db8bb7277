import { Type as T } from "@sinclair/typebox";
import type { PollHost, Received, Webhook, WebhookRequest } from "@tributary/adapter-kit";
import { confirmSubscription } from "./confirm-subscription.ts";
import { isInTime } from "./is-in-time.ts";
import { signedMessage } from "./signed-message.ts";
import { signingKey } from "./signing-key.ts";
import { snsHost, topicArnPattern } from "./topic-arn.ts";

/** SNS publishes at most 256 KiB; JSON can write each byte as six. */
const maxBodyBytes = 2 * 1024 * 1024;

const Options = T.Object({
  topicArns: T.Array(T.String({ pattern: topicArnPattern }), {
    minItems: 1,
    description:
      "ARNs of the SNS topics whose messages are taken, the console's Notifications topic first of all. Anybody can have SNS sign a message of a topic of their own, so a receiver without this list does not start.",
  }),
});

/**
 * The receiver of an HTTPS subscription of the Notifications topic. The sender is proved by SNS's signature over the message and
 * by the topic's ARN, which the signature covers. Vendor page: docs.aws.amazon.com/sns, Verifying the signatures of Amazon
 * SNS messages.
 */
export const webhook: Webhook<typeof Options> = { options: Options, receive };

async function receive(
  request: WebhookRequest,
  host: PollHost<{ readonly topicArns: readonly string[] }>,
): Promise<Received> {
  if (request.method !== "POST") return { kind: "refused", status: 405, message: "SNS posts its messages." };
  if (request.body.length > maxBodyBytes)
    return { kind: "refused", status: 413, message: `The body is longer than ${maxBodyBytes} bytes.` };
  if (request.headers.get("x-amz-sns-rawdelivery") === "true")
    return refused("Raw message delivery is on: such messages are not signed. Switch it off for this subscription.");
  const message = signedMessage(request.body);
  if (message === undefined || !host.options.topicArns.includes(message.topicArn) || !isInTime(message, host.now()))
    return refused(notProven);
  const key = await signingKey(message.certificateUrl, host);
  if (key === undefined || !message.isSignedBy(key)) return refused(notProven);
  if (message.type === "Notification")
    return { kind: "records", body: request.body, format: "json", replayKey: message.id };
  if (message.type === "UnsubscribeConfirmation")
    return { kind: "reply", status: 200, body: "The subscription has ended; nothing is done about it." };
  const confirmed = await confirmSubscription(snsHost(message.topicArn), message.topicArn, message.token, host);
  // SNS sends the request again after a 5xx.
  return confirmed
    ? { kind: "reply", status: 200, body: "The subscription is confirmed." }
    : { kind: "reply", status: 502, body: "SNS did not take the confirmation." };
}

const notProven = "This is no message of SNS that is taken here: topic, signature or time is another.";

const refused = (message: string): Received => ({ kind: "refused", status: 403, message });
