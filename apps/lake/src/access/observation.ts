/** What a request turned out to be, filled in while it is handled: for the access log and the metrics. */
export interface RequestNote {
  /** Of an operation that the service model has. */
  operation?: string;
  /** Set once the signature was found right. */
  caller?: { readonly accountId: string; readonly arn: string };
  resources?: readonly string[];
  statement?: string;
  /** Ids of the event data stores that a statement reads. */
  eventDataStores?: readonly string[];
  queryId?: string;
  events?: EventCounts;
}

/** Entries of a PutAuditEvents. */
export interface EventCounts {
  /** Acknowledged. */
  readonly accepted: number;
  /** By error code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Of those acknowledged: their eventData has keys that the schema does not know. */
  readonly unknownKeys: number;
  /** Of those acknowledged: older than any destination keeps events, so not stored. */
  readonly expired: number;
}

/** A request with its outcome, once its answer is known and before it is sent. */
export interface Observation {
  readonly requestId: string;
  readonly operation: string;
  /** `Success`, or the error's shape name. */
  readonly outcome: string;
  /** Of HTTP. */
  readonly status: number;
  readonly durationMs: number;
  readonly sourceIp: string;
  /** The key that the request names, whether or not it exists. */
  readonly accessKeyId?: string | undefined;
  readonly note: RequestNote;
}
