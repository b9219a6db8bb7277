import type { TSchema } from "@sinclair/typebox";
import type { Caller, RequestFacts } from "@tributary/policy";
import type { ControlErrorCode } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { Decided } from "./change-control.ts";
import type { ControlView } from "./control-view.ts";
import type { PaginationTokens } from "./pagination-tokens.ts";
import type { DeliveryPort, QueryPort } from "./query-port.ts";
import type { SourceRegistry } from "../sources/source-registry.ts";
import type { Quotas } from "./quotas.ts";

/** What a decision may use besides the state: all of it arguments, so that the same arguments give the same decision. */
export interface ControlEnvironment {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly randomUuid: () => string;
  readonly region: string;
  readonly quotas: Quotas;
  readonly sources: SourceRegistry;
  readonly tokens: PaginationTokens;
  /** The category of a store that is created without selectors; undefined refuses it. Spec 2.4. */
  readonly defaultCategory?: "ActivityAuditLog" | undefined;
}

/** One call of one operation, its shape already checked. */
export interface ControlCall<Input> {
  readonly view: ControlView;
  readonly caller: Caller;
  readonly input: Input;
  /** Of the connection: address, TLS, time. */
  readonly facts: RequestFacts;
  readonly env: ControlEnvironment;
}

interface Described {
  readonly input: TSchema;
  /** The error for a top-level member that breaks its constraint; InvalidParameterException where none is named. Spec 2.1. */
  readonly invalid?: Readonly<Record<string, ControlErrorCode>>;
}

/** An operation on the control state: a pure function of it. */
export interface StateOperation<Input> extends Described {
  decide(call: ControlCall<Input>): Decided<unknown>;
}

/** An operation that needs more than the control state. */
export interface ServiceOperation<Input> extends Described {
  run(call: ControlCall<Input>, services: ControlServices): Promise<unknown>;
}

export interface ControlServices {
  readonly catalog: Pick<Catalog, "ingestionStatus" | "getQuery" | "listQueries">;
  readonly queries: QueryPort;
  /** Undefined where the lake delivers nothing. */
  readonly deliveries?: DeliveryPort | undefined;
}

export type Operation = StateOperation<never> | ServiceOperation<never>;
