import { randomUUID } from "node:crypto";
import { eventDataChecksum } from "@tributary/schema";
import type { DestinationPlan } from "../config/destination-plan.ts";
import { messageOf } from "../config/message-of.ts";
import { clientSender, type ClientSenderOptions } from "../delivery/client-sender.ts";
import { type Finding, findingsOf } from "./finding.ts";

export interface TestEventOptions {
  readonly subject: string;
  readonly destination: DestinationPlan;
  /** ARN of who sends; undefined: not known. */
  readonly sender: string | undefined;
  readonly client: ClientSenderOptions["client"];
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Sends one event that says of itself that it is a test. It stays in the stores as long as their retention: only for who asks
 * for it.
 */
export async function sendTestEvent(options: TestEventOptions): Promise<Finding> {
  const { subject, destination, now, client, env } = options;
  const { ok, problem } = findingsOf(subject);
  const id = `tributary-doctor-${randomUUID()}`;
  const eventData = JSON.stringify({
    version: "1.0",
    userIdentity: { type: "TributaryDoctor", principalId: options.sender ?? "tributary doctor" },
    eventSource: "tributary.doctor",
    eventName: "TestEvent",
    eventTime: `${new Date(now).toISOString().slice(0, 19)}Z`,
    UID: id,
    recipientAccountId: destination.accountId,
    additionalEventData: {
      test: "Sent by tributary doctor --send to prove that the channel takes events. It is nobody's activity.",
    },
  });
  const sender = await clientSender({ ...destination, client, env });
  try {
    const { arn: channelArn, externalId } = destination;
    const { successful = [], failed = [] } = await sender.send({
      channelArn,
      ...(externalId !== undefined && { externalId }),
      auditEvents: [{ id, eventData, eventDataChecksum: eventDataChecksum(eventData) }],
    });
    const taken = successful.find((one) => one.id === id);
    if (taken !== undefined)
      return ok("send", `the channel took the test event ${taken.eventID ?? ""} (eventName TestEvent)`);
    const { errorCode = "no answer for it", errorMessage = "" } = failed.find((one) => one.id === id) ?? {};
    return problem(
      "send",
      `the channel refused the test event: ${errorCode}: ${errorMessage}`,
      "See the error of that name.",
    );
  } catch (error) {
    const name = error instanceof Error ? error.name : "Error";
    return problem(
      "send",
      `the test event was refused: ${name}: ${messageOf(error)}`,
      "Have the caller allowed, by identity policy and channel policy.",
    );
  } finally {
    sender.close();
  }
}
