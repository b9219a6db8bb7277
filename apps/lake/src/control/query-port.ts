import type { EventDataStoreRecord } from "../catalog/control-catalog.ts";
import type { QueryRecord } from "../catalog/query-catalog.ts";

/** What the control plane needs of the query service. */
export interface QueryPort {
  /**
   * Parses the statement, has every store it reads authorised, and queues it. Throws `QUERY_INVALID` with a message for the
   * caller, what `store` or `admit` throws, or `QUERY_LIMIT`.
   */
  start(request: {
    readonly accountId: string;
    readonly callerArn: string;
    readonly statement: string;
    /** The store of an id that the statement names, if the caller may query it; throws otherwise. */
    readonly store: (idOrArn: string) => EventDataStoreRecord;
    /** Further checks, made once every store is authorised: before that their answers tell too much. */
    readonly admit?: (() => Promise<void>) | undefined;
    readonly maxActive: number;
    readonly deliveryS3Uri?: string | undefined;
  }): Promise<QueryRecord>;
  /** Stops a query; false when it had ended already. */
  cancel(queryId: string): Promise<boolean>;
  /** Rows of a query's result from an offset on. */
  results(queryId: string, page: { readonly offset: number; readonly limit: number }): Promise<QueryPage>;
}

/** What the control plane needs of deliveries. */
export interface DeliveryPort {
  /** Whether there is such a bucket. Throws `DELIVERY_URI_NOT_VALID`, `DELIVERY_NOT_ALLOWED`, `DELIVERY_S3_UNAVAILABLE`. */
  hasBucket(accountId: string, s3Uri: string): Promise<boolean>;
}

export interface QueryPage {
  readonly columns: readonly string[];
  /** null is SQL NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}
