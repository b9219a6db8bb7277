import { type IdentityPolicy, parseIdentityPolicy } from "@tributary/policy";
import { TributaryError } from "@tributary/schema";
import type { Identity, Role } from "../catalog/control-catalog.ts";
import type { ControlView } from "../control/control-view.ts";
import type { KeyEnvironment } from "./new-access-key.ts";
import { randomId } from "./random-id.ts";
import { type SessionClaims, writeSessionToken } from "./session-token.ts";

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface SessionInput {
  readonly of: Role | Identity;
  /** Of a role's session: 2 to 64 of `A-Za-z0-9+=,.@_-`. */
  readonly sessionName?: string | undefined;
  /** Seconds. */
  readonly duration: number;
  /** A further restriction, an identity policy of at most 2048 characters. */
  readonly policy?: string | undefined;
  readonly startedBy?: SessionClaims["startedBy"];
}

/** Makes credentials that end by themselves. Nothing is kept of them: the token is the session, sealed by the lake's data key. */
export function startSession(view: ControlView, input: SessionInput, env: KeyEnvironment): SessionCredentials {
  const { of, sessionName, duration, policy, startedBy } = input;
  if (policy !== undefined) parseSessionPolicy(policy);
  const accessKeyId = randomId("ASIA", env.randomBytes);
  const secretAccessKey = Buffer.from(env.randomBytes(30)).toString("base64");
  const expiresAt = env.now + duration * 1000;
  const sessionToken = writeSessionToken(env.dataKeys.of(view.state), {
    accessKeyId,
    secretAccessKey,
    kind: "roleId" in of ? "role" : "user",
    arn: of.arn,
    principalId: "roleId" in of ? of.roleId : of.userId,
    sessionName,
    issuedAt: env.now,
    expiresAt,
    startedBy,
    policy,
  });
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt };
}

/** Throws `IDENTITY_POLICY_NOT_VALID`, also for more than 2048 characters. */
export function parseSessionPolicy(text: string): IdentityPolicy {
  if (text.length > 2048)
    throw new TributaryError("A session policy has at most 2048 characters.", { code: "IDENTITY_POLICY_NOT_VALID" });
  return parseIdentityPolicy(text);
}
