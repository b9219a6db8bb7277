import type { Caller, RequestFacts } from "@tributary/policy";
import type { RequestNote } from "../access/observation.ts";
import { resourcesOf } from "../access/resources-of.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";
import { decodeBody } from "../http/decode-body.ts";
import { isJsonObject } from "../http/json-object.ts";
import type { LakeRequest } from "../http/lake-request.ts";
import { awsJson11 } from "../http/protocol.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import { changeControl } from "./change-control.ts";
import { checkInput } from "./check-input.ts";
import type { ControlCache } from "./control-cache.ts";
import { controlError } from "./control-error.ts";
import type { ControlView } from "./control-view.ts";
import { modelledOperations } from "./modelled-operations.ts";
import type { ControlCall, ControlEnvironment, ControlServices, Operation, StateOperation } from "./operation.ts";
import { operations } from "./operations.ts";
import type { QueryPort } from "./query-port.ts";
import type { RateLimits } from "./rate-limits.ts";

export interface ControlPlaneOptions extends Omit<ControlEnvironment, "now"> {
  readonly maxBodyBytes: number;
}

export interface ControlPlaneServices extends ControlServices {
  readonly control: ControlCache;
  readonly authenticator: Authenticator;
  readonly catalog: Pick<Catalog, "changeControl" | "ingestionStatus" | "getQuery" | "listQueries">;
  readonly rates: RateLimits;
  readonly clock: Clock;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** The control plane: signature, operation, shape, decision. Every call sees all changes answered before it. Spec section 2. */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #services: ControlPlaneServices;

  constructor(options: ControlPlaneOptions, services: ControlPlaneServices) {
    this.#options = options;
    this.#services = services;
  }

  /** Throws a WireError for every refusal. */
  async handle(request: LakeRequest, note: RequestNote = {}): Promise<unknown> {
    const name = operationName(request.headers["x-amz-target"]);
    if (modelledOperations.has(name)) note.operation = name;
    const { control, authenticator, clock } = this.#services;
    const signed = authenticator.read(request, awsJson11.signingName);
    const view = await control.fresh();
    const { caller } = authenticator.authenticate(view, signed);
    note.caller = { accountId: caller.accountId, arn: caller.arn };
    const operation = findOperation(name);
    this.#services.rates.take(caller.accountId, name);
    const input = await decodeBody(request, awsJson11.mediaType, this.#options.maxBodyBytes);
    noteInput(note, input);
    checkInput(operation, input);
    const facts: RequestFacts = { sourceIp: request.sourceIp, secureTransport: request.secure, now: clock.now() };
    const call = (state: ControlView): ControlCall<never> =>
      this.#call(state, authenticator.holder(state, signed).caller, input, facts);
    const services = { ...this.#services, queries: notingStores(this.#services.queries, note) };
    const output = await ("run" in operation
      ? operation.run(call(view), services)
      : this.#change(request, operation, call));
    noteOutput(note, output);
    return output;
  }

  #change(
    request: LakeRequest,
    operation: StateOperation<never>,
    call: (state: ControlView) => ControlCall<never>,
  ): Promise<unknown> {
    return changeControl(
      this.#services.catalog,
      () => this.#services.control.fresh(),
      (state) => operation.decide(call(state)),
      (message) => this.#services.log({ level: "warning", event: "control", requestId: request.requestId, message }),
    );
  }

  #call(
    view: ControlView,
    caller: Caller,
    input: Readonly<Record<string, unknown>>,
    facts: RequestFacts,
  ): ControlCall<never> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checkInput held it against the operation's shape
    const checked = input as never;
    return { view, caller, input: checked, facts, env: { ...this.#options, now: this.#services.clock.now() } };
  }
}

/** Clients send one of two prefixes; the last dotted segment before the name is what counts. Spec 2.1. */
function operationName(target: string | readonly string[] | undefined): string {
  const match =
    typeof target === "string" ? /^(?:[\w.]{0,100}\.)?CloudTrail_20131101\.(\w{1,100})$/.exec(target) : null;
  return match?.[1] ?? "";
}

function findOperation(name: string): Operation {
  const operation = operations.get(name);
  if (operation) return operation;
  if (modelledOperations.has(name))
    throw controlError("UnsupportedOperationException", `${name} is not implemented by this lake.`);
  throw controlError("UnknownOperationException", "X-Amz-Target must name an operation of CloudTrail_20131101.");
}

function noteInput(note: RequestNote, input: Readonly<Record<string, unknown>>): void {
  note.resources = resourcesOf(input);
  const { QueryStatement: statement, QueryId: queryId } = input;
  // A statement too long is refused.
  if (typeof statement === "string") note.statement = statement.slice(0, 10_000);
  if (typeof queryId === "string") note.queryId = queryId.slice(0, 128);
}

function noteOutput(note: RequestNote, output: unknown): void {
  if (!isJsonObject(output)) return;
  note.resources = [...new Set([...(note.resources ?? []), ...resourcesOf(output)])];
  const { QueryId: queryId } = output;
  if (typeof queryId === "string") note.queryId = queryId;
}

/** The query service, with the stores that a statement reads noted as they are authorised. */
function notingStores(queries: QueryPort, note: RequestNote): QueryPort {
  return {
    start: (request) =>
      queries.start({
        ...request,
        store: (idOrArn) => {
          const store = request.store(idOrArn);
          note.eventDataStores = [...new Set([...(note.eventDataStores ?? []), store.storeId])];
          return store;
        },
      }),
    cancel: (queryId) => queries.cancel(queryId),
    results: (queryId, page) => queries.results(queryId, page),
  };
}
