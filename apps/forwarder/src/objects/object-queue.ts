export interface QueueMessage {
  readonly id: string;
  /** For this receipt alone. */
  readonly handle: string;
  readonly body: string;
  /** How often it was received, this time too. */
  readonly received: number;
  /** ms since 1970; undefined where the queue does not say. */
  readonly sentAt: number | undefined;
}

/** A queue of notices. Throws `SQS_FAILED`, retryable. */
export interface ObjectQueue {
  /** Waits up to 20 seconds for up to 10 messages, which stay hidden for so many seconds. */
  receive(hiddenSeconds: number, signal: AbortSignal): Promise<readonly QueueMessage[]>;
  /** Hides messages for so many seconds from now. */
  hide(messages: readonly QueueMessage[], seconds: number): Promise<void>;
  delete(messages: readonly QueueMessage[]): Promise<void>;
  close(): void;
}
