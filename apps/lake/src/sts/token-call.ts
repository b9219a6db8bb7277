import type { RequestFacts } from "@tributary/policy";
import type { ControlView } from "../control/control-view.ts";
import type { XmlMembers } from "../http/query-protocol.ts";
import { WireError } from "../http/wire-error.ts";
import type { LakeCaller } from "../identity/lake-caller.ts";
import type { KeyEnvironment } from "../identity/new-access-key.ts";
import type { SessionCredentials } from "../identity/start-session.ts";

/** One call of the token service by an authenticated caller. */
export interface TokenCall {
  readonly view: ControlView;
  readonly caller: LakeCaller;
  readonly parameters: ReadonlyMap<string, string>;
  readonly facts: RequestFacts;
  readonly env: KeyEnvironment;
}

export type TokenOperation = (call: TokenCall) => XmlMembers;

/** A parameter that is missing or breaks a rule. Status 400. */
export function validationError(message: string): WireError {
  return new WireError("ValidationError", message, { status: 400 });
}

/** DurationSeconds, or what it is by default. Throws ValidationError. */
export function durationOf(
  { parameters }: TokenCall,
  { usual, most }: { readonly usual: number; readonly most: number },
): number {
  const given = parameters.get("DurationSeconds");
  if (given === undefined) return usual;
  const seconds = /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  if (seconds >= 900 && seconds <= most) return seconds;
  throw validationError(`DurationSeconds must be from 900 to ${most}.`);
}

/** Throws ValidationError for a parameter that the operation does not know: ignored, it would mean less than was asked for. */
export function refuseOthers({ parameters }: TokenCall, known: readonly string[]): void {
  for (const name of parameters.keys())
    if (name !== "Action" && name !== "Version" && !known.includes(name))
      throw validationError(`The parameter ${name.slice(0, 100)} is not supported by this lake.`);
}

/** `Credentials` as clients read them. */
export function credentialsOutput(credentials: SessionCredentials): XmlMembers {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: new Date(credentials.expiresAt).toISOString().replace(/\.\d{3}Z$/, "Z"),
  };
}
