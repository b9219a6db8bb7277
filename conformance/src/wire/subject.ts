import type { Claim } from "../core/check.ts";
import type { Identity, RoleSession } from "./identity.ts";
import type { Exchange } from "./wire-request.ts";

/** A server under test. */
export interface Subject {
  /** How it is reached, for instance `http://127.0.0.1:4570`; stands in reports. */
  readonly endpoint: string;
  readonly region: string;
  readonly exchange: Exchange;
  /** May do everything in its account. */
  readonly owner: Identity;
  /** May do everything in another account. */
  readonly other?: Identity | undefined;
  /** A session of a role of the owner's account that has no policy of its own. */
  readonly role?: RoleSession | undefined;
  /** A session of a role of another account whose own policies let it put events, and query. */
  readonly otherRole?: RoleSession | undefined;
  /** ms since 1970, as the subject sees it. */
  readonly now: () => number;
  /** Moves the subject's clock, where it is the run's: ms. */
  readonly advance?: ((ms: number) => void) | undefined;
  /** Lets ms pass, for a server that needs a moment; real ones by default. */
  readonly pause?: ((ms: number) => Promise<void>) | undefined;
}

/** What the credentials that are given, and what else is claimed, allow to check. */
export function claimsOf(subject: Subject, hasControlPlane: boolean, more: readonly Claim[] = []): ReadonlySet<Claim> {
  return new Set<Claim>([
    ...(hasControlPlane ? (["control-plane"] as const) : []),
    ...(subject.other === undefined ? [] : (["other-account"] as const)),
    ...(subject.role === undefined ? [] : (["role"] as const)),
    ...(subject.otherRole === undefined ? [] : (["other-role"] as const)),
    ...(subject.advance === undefined ? [] : (["clock"] as const)),
    ...more,
  ]);
}
