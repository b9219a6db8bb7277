/** Where the events of an integration go, checked and complete. */
export interface DestinationPlan {
  /** Empty for an integration's only one, its `channel`. */
  readonly name: string;
  readonly arn: string;
  /** That owns the channel. */
  readonly accountId: string;
  readonly region: string;
  readonly externalId: string | undefined;
  readonly endpoint: string | undefined;
  /** Undefined: the AWS environment or profile says. */
  readonly fips: boolean | undefined;
  readonly dualStack: boolean | undefined;
  /** PEM. */
  readonly ca: string | undefined;
  /** 0: no bound. */
  readonly requestsPerSecond: number;
}
