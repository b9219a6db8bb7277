import { TributaryError } from "@tributary/schema";
import type { AwsPlace } from "./aws-place.ts";
import type { ObjectQueue, QueueMessage } from "./object-queue.ts";

/** SQS. Loads the AWS SDK when it is called. @param url of the queue; requests go there */
export async function sqsObjectQueue(url: string, { region, profile }: AwsPlace): Promise<ObjectQueue> {
  const { SQSClient, ReceiveMessageCommand, ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand } =
    await import("@aws-sdk/client-sqs");
  const client = new SQSClient({ region, ...(profile === undefined ? {} : { profile }) });
  return {
    async receive(hiddenSeconds, signal) {
      try {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: 10,
            WaitTimeSeconds: 20,
            VisibilityTimeout: hiddenSeconds,
            MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
          }),
          { abortSignal: signal },
        );
        return Messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
          id: MessageId ?? "",
          handle: ReceiptHandle ?? "",
          body: Body ?? "",
          received: Number(Attributes?.ApproximateReceiveCount ?? 1),
          sentAt: Attributes?.SentTimestamp === undefined ? undefined : Number(Attributes.SentTimestamp),
        }));
      } catch (cause) {
        if (signal.aborted) return [];
        throw failed(url, cause);
      }
    },
    async hide(messages, seconds) {
      if (messages.length === 0) return;
      try {
        await client.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: url,
            Entries: entries(messages).map((entry) => ({ ...entry, VisibilityTimeout: seconds })),
          }),
        );
      } catch (cause) {
        throw failed(url, cause);
      }
    },
    async delete(messages) {
      if (messages.length === 0) return;
      try {
        // One that could not be deleted comes again, and is then known.
        await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries(messages) }));
      } catch (cause) {
        throw failed(url, cause);
      }
    },
    close: () => client.destroy(),
  };
}

function failed(url: string, cause: unknown): TributaryError {
  const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const message = `The queue ${url} refused or was not reached (${why}). It takes sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility.`;
  return new TributaryError(message, { code: "SQS_FAILED", retryable: true, cause });
}

const entries = (messages: readonly QueueMessage[]) =>
  messages.map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle }));
