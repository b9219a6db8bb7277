/** One event of a request. Spec 1.1. */
export interface AuditEvent {
  /** 1 to 128 characters of `-_A-Za-z0-9`, unique in the request: the answer names the event by it. */
  readonly id: string;
  /** The event as JSON text (spec 1.7). */
  readonly eventData: string;
  /** Base64 SHA-256 of `eventData`'s UTF-8 bytes. */
  readonly eventDataChecksum?: string;
}

/** What PutAuditEvents takes. Spec 1.1. */
export interface PutAuditEventsCommandInput {
  /** The channel's ARN, or its id alone within the caller's own account. */
  readonly channelArn: string;
  /** The id agreed with the channel's owner, 2 to 1224 characters; needed where the channel's policy asks for it. */
  readonly externalId?: string;
  /** 1 to 100. */
  readonly auditEvents: readonly AuditEvent[];
}

/** An event that was ingested. */
export interface AuditEventResultEntry {
  /** The caller's. */
  readonly id: string;
  /** The lake's. */
  readonly eventID: string;
}

/** An event that was not ingested. `errorCode` and what to do with it: spec 1.2, 1.7. */
export interface ResultErrorEntry {
  readonly id: string;
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** How a call went. */
export interface ResponseMetadata {
  /** Of the last answer; absent when none came. */
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  /** 1 when nothing was retried. */
  readonly attempts?: number;
  /** Milliseconds spent waiting between attempts. */
  readonly totalRetryDelay?: number;
}

/** What PutAuditEvents answers. Status 200 says nothing of the events: read both lists by id. Spec 1.2. */
export interface PutAuditEventsCommandOutput {
  readonly successful: readonly AuditEventResultEntry[];
  readonly failed: readonly ResultErrorEntry[];
  readonly $metadata: ResponseMetadata;
}

/** A PutAuditEvents call, to be given to `CloudTrailDataClient.send`. */
export class PutAuditEventsCommand {
  readonly input: PutAuditEventsCommandInput;
  /** The body where the caller made it, else undefined. */
  readonly body: Uint8Array | undefined;

  /**
   * @param body exactly the bytes of `putAuditEventsBody(input.auditEvents)`, for callers who have made them already to
   * count them; sent as they are, unchecked
   */
  constructor(input: PutAuditEventsCommandInput, body?: Uint8Array) {
    this.input = input;
    this.body = body;
  }
}
