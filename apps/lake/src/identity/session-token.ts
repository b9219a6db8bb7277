import type { DataKey } from "../secrets/data-key.ts";

/** What a session token says, sealed: no session is kept anywhere. Times in ms. */
export interface SessionClaims {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whose session it is: a role's, or a user's own. */
  readonly kind: "role" | "user";
  /** ARN of the role or of the user. */
  readonly arn: string;
  /** Role id or user id: a later one of the same name has another. */
  readonly principalId: string;
  /** Of a role's session. */
  readonly sessionName?: string | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The user whose key the session began with; none when the host made it. */
  readonly startedBy?: { readonly arn: string; readonly userId: string } | undefined;
  /** A further restriction, an identity policy in JSON text. */
  readonly policy?: string | undefined;
}

/** What the longest session policy takes, 2048 characters of three bytes, and the rest. Node takes 16 KiB of headers. */
const maxLength = 10_240;

/** The claims in a token that only this lake can read, and only for their access key id. */
export function writeSessionToken(key: DataKey, claims: SessionClaims): string {
  const { accessKeyId, ...rest } = claims;
  return key.seal("session-token", accessKeyId, JSON.stringify(rest));
}

/** Undefined for a token that the key did not make for this access key id. */
export function readSessionToken(key: DataKey, accessKeyId: string, token: string): SessionClaims | undefined {
  const text = token.length > maxLength ? undefined : key.open("session-token", accessKeyId, token);
  if (text === undefined) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by writeSessionToken
  return { ...(JSON.parse(text) as Omit<SessionClaims, "accessKeyId">), accessKeyId };
}
