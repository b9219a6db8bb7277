import type { PollHost } from "@tributary/adapter-kit";

/**
 * Confirms a subscription with the token of its handshake, at the topic's own region: the address is made here, not taken from
 * the message. Answers whether SNS took it.
 */
export async function confirmSubscription(
  snsHost: string,
  topicArn: string,
  token: string,
  host: Pick<PollHost<unknown>, "fetch">,
): Promise<boolean> {
  const url = new URL(`https://${snsHost}/`);
  url.search = new URLSearchParams({
    Action: "ConfirmSubscription",
    TopicArn: topicArn,
    Token: token,
    Version: "2010-03-31",
  }).toString();
  const response = await host.fetch(url);
  await response.body?.cancel();
  return response.status === 200;
}
