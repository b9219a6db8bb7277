import type { IdentityPolicy } from "./identity-policy.ts";

/** Who makes a call, as the signature's access key says. */
export interface Caller {
  /** `arn:aws:iam::111122223333:user/alice`, `…:root`, `arn:aws:sts::111122223333:assumed-role/shipper/session` … */
  readonly arn: string;
  /** 12 digits. */
  readonly accountId: string;
  /** The account's root user: it needs no identity policy in its own account (spec 3.4 step 3). */
  readonly root?: boolean;
  /** Every identity policy attached to the caller; none allows nothing. */
  readonly identityPolicies: readonly IdentityPolicy[];
  /** For a role session: the ARN of the role, `arn:aws:iam::111122223333:role/shipper`. */
  readonly sessionOf?: string;
  /** Of a session made with one: what it does not allow the session may not do, whatever other policies say. */
  readonly sessionPolicy?: IdentityPolicy;
}
