import type { Members } from "../core/members.ts";
import type { EventDataStore, StoredEvent } from "./control-state.ts";
import type { ReferenceIdentity } from "./resource-policies.ts";

export const queryOperations = [
  "StartQuery",
  "DescribeQuery",
  "GetQueryResults",
  "ListQueries",
  "CancelQuery",
] as const;
export type QueryOperation = (typeof queryOperations)[number];

/** What a query engine knows of the lake that it reads. */
export interface QueriedLake {
  readonly region: string;
  /** ms since 1970. */
  readonly now: () => number;
  /** A store of any account by its ARN or its id, its status and owner with it; undefined: there is none. */
  readonly store: (idOrArn: string) => EventDataStore | undefined;
  /** Whether the caller's policies, or the store's own, allow an operation on it. */
  readonly mayUse: (store: EventDataStore, operation: QueryOperation, caller: ReferenceIdentity) => boolean;
  /** A store's events that its retention keeps, in the order in which they came. */
  readonly events: (store: EventDataStore) => readonly StoredEvent[];
  /** A UUID that nothing had before. */
  readonly nextId: () => string;
}

/** Answers the five operations of queries; their shapes were checked before. Throws `Refusal`. */
export interface QueryEngine {
  readonly operate: (operation: QueryOperation, input: Members, caller: ReferenceIdentity) => object;
}
