/** How much of each thing an account may have in the region, and how often it may call. Spec section 6. */
export interface Quotas {
  readonly channels: number;
  readonly channelsPerSource: number;
  /** In any status. */
  readonly eventDataStores: number;
  /** Queued or running. */
  readonly concurrentQueries: number;
  readonly tagsPerResource: number;
  /** Calls a second, of an account and an operation; undefined: as many as the machine bears. */
  readonly rates?: Rates | undefined;
}

/** Calls a second; undefined: not limited. */
export interface Rates {
  readonly putAuditEvents?: number | undefined;
  /** Of every Get, Describe and List operation. */
  readonly read?: number | undefined;
  /** Of StartQuery and CancelQuery. */
  readonly query?: number | undefined;
  readonly other?: number | undefined;
}

export const defaultQuotas: Quotas = Object.freeze({
  channels: 25,
  channelsPerSource: 1,
  eventDataStores: 10,
  concurrentQueries: 10,
  tagsPerResource: 50,
});

/** As AWS has published them, its rates included. */
export const awsQuotas: Quotas = Object.freeze({
  ...defaultQuotas,
  rates: Object.freeze({ putAuditEvents: 100, read: 10, query: 3, other: 1 }),
});
