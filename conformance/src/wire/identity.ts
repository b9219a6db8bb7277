/** Credentials, and the account they are of. */
export interface Identity {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Credentials of a role's session, and the ARNs that a policy may name it by. */
export interface RoleSession extends Identity {
  /** `arn:aws:iam::111122223333:role/shipper` */
  readonly roleArn: string;
  /** `arn:aws:sts::111122223333:assumed-role/shipper/session` */
  readonly sessionArn: string;
}
