/** How many of each thing an account may have in the region. Spec section 6. */
export interface Quotas {
  readonly channels: number;
  readonly channelsPerSource: number;
  /** In any status. */
  readonly eventDataStores: number;
  /** Queued or running. */
  readonly concurrentQueries: number;
  readonly tagsPerResource: number;
}

export const defaultQuotas: Quotas = Object.freeze({
  channels: 25,
  channelsPerSource: 1,
  eventDataStores: 10,
  concurrentQueries: 10,
  tagsPerResource: 50,
});
