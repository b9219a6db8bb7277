/** Where AWS's clients send to, and as whom. */
export interface AwsPlace {
  readonly region: string;
  /** Another server than AWS's. */
  readonly endpoint: string | undefined;
  /** Of the shared configuration files; undefined: the AWS chain. */
  readonly profile: string | undefined;
}
