import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import { messageOf } from "../config/message-of.ts";
import { type Finding, findingsOf } from "./finding.ts";

const patienceMs = 15_000;

/** Whether a bucket can be listed, and what waits in a queue. Reads no object and takes no message. */
export async function checkObjects({ name, s3 }: IntegrationPlan, signal: AbortSignal): Promise<readonly Finding[]> {
  if (s3 === undefined) return [];
  const until = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const { ok, problem, notKnown } = findingsOf(name);
  const { bucket, prefix, queue, region, profile } = s3;
  if (queue !== undefined) {
    const { SQSClient, GetQueueAttributesCommand } = await import("@aws-sdk/client-sqs");
    const client = new SQSClient({
      region,
      // The queue's own address, whatever AWS_ENDPOINT_URL says.
      endpoint: new URL(queue).origin,
      maxAttempts: 2,
      ...(profile !== undefined && { profile }),
    });
    try {
      const input = { QueueUrl: queue, AttributeNames: ["ApproximateNumberOfMessages" as const] };
      const { Attributes } = await client.send(new GetQueueAttributesCommand(input), { abortSignal: until });
      return [ok("queue", `${queue} is reached; ${Attributes?.ApproximateNumberOfMessages ?? "some"} messages wait`)];
    } catch (error) {
      const denied = error instanceof Error && /AccessDenied/.test(error.name);
      return [
        denied
          ? notKnown(
              "queue",
              `${queue}: ${messageOf(error)}`,
              "Have sqs:GetQueueAttributes allowed; to read it, run needs sqs:ReceiveMessage and sqs:DeleteMessage.",
            )
          : problem(
              "queue",
              `${queue}: ${messageOf(error)}`,
              "Check queue, region and credentials.",
              "No object is read.",
            ),
      ];
    } finally {
      client.destroy();
    }
  }
  if (bucket === undefined) return [];
  const { s3ObjectStore } = await import("../objects/s3-object-store.ts");
  const store = await s3ObjectStore(s3);
  try {
    const { objects, isLast } = await store.list({ bucket, prefix, after: undefined }, until);
    return [
      ok("bucket", `s3://${bucket}/${prefix} can be listed: ${objects.length} objects${isLast ? "" : " and more"}`),
    ];
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    return [
      problem(
        "bucket",
        messageOf(error),
        "Check bucket, region, credentials, and that s3:ListBucket is allowed.",
        "No object is read.",
      ),
    ];
  } finally {
    store.close();
  }
}
