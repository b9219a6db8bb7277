import type { Caller } from "@tributary/policy";

/** A caller with what sessions are told apart by. */
export interface LakeCaller extends Caller {
  /** Of a user its id, of a session the role's id, a colon and the session's name. */
  readonly principalId: string;
  /** Of a session with credentials that end. */
  readonly temporary: boolean;
  /** The user whose key it began with; none for a session that the host made. */
  readonly startedBy?: { readonly arn: string; readonly userId: string } | undefined;
}
