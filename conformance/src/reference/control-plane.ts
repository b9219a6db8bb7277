import { type OperationName, operations, parseCloudTrailArn, shapeMessage } from "@tributary/schema";
import { isMembers, type Members } from "../core/members.ts";
import { createChannel, deleteChannel, getChannel, listChannels, updateChannel } from "./channels.ts";
import { type ControlCall, refusal } from "./control-call.ts";
import type { ControlRules } from "./control-rules.ts";
import { ControlState, type EventDataStore } from "./control-state.ts";
import {
  changeIngestion,
  createEventDataStore,
  deleteEventDataStore,
  getEventDataStore,
  listEventDataStores,
  restoreEventDataStore,
  updateEventDataStore,
} from "./event-data-stores.ts";
import type { PolicyRules } from "./policy-rules.ts";
import { type QueriedLake, type QueryEngine, type QueryOperation, queryOperations } from "./query-port.ts";
import { Refusal } from "./refusal.ts";
import { type ReferenceIdentity, ResourcePolicies } from "./resource-policies.ts";
import { addTags, listTags, removeTags } from "./tags.ts";

const handlers: Readonly<Record<string, (call: ControlCall) => object>> = {
  CreateChannel: createChannel,
  GetChannel: getChannel,
  ListChannels: listChannels,
  UpdateChannel: updateChannel,
  CreateEventDataStore: createEventDataStore,
  GetEventDataStore: getEventDataStore,
  ListEventDataStores: listEventDataStores,
  UpdateEventDataStore: updateEventDataStore,
  DeleteEventDataStore: deleteEventDataStore,
  RestoreEventDataStore: restoreEventDataStore,
  StartEventDataStoreIngestion: (call) => changeIngestion(call, "ENABLED"),
  StopEventDataStoreIngestion: (call) => changeIngestion(call, "STOPPED_INGESTION"),
  AddTags: addTags,
  RemoveTags: removeTags,
  ListTags: listTags,
};

const policyOperations = ["PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy"];

/** Operations of CloudTrail that have nothing to do with integrations. Spec 2.1. */
const notHad =
  /^(?:(?:Create|Delete|Update|Get)(?:Trail|Dashboard)|DescribeTrails|LookupEvents|StartImport|ListImports|EnableFederation|GetInsightSelectors)$/;

interface Place {
  readonly region: string;
  /** ms since 1970. */
  readonly now: () => number;
  readonly queries?: ((lake: QueriedLake) => QueryEngine) | undefined;
}

/** The control plane of a reference lake. Spec 2. */
export class ControlPlane {
  readonly state = new ControlState();
  readonly policies: ResourcePolicies;
  readonly #queries: QueryEngine | undefined;
  readonly #rules: ControlRules;
  readonly #place: Place;

  constructor(rules: { readonly control: ControlRules; readonly policy: PolicyRules }, place: Place) {
    this.#rules = rules.control;
    this.#place = place;
    this.policies = new ResourcePolicies(
      (arn) => this.state.channels.get(arn) ?? this.state.storeOf(arn),
      rules.policy,
    );
    this.#queries = place.queries?.(this.#queried());
  }

  /** Answers an operation. Throws `Refusal`. @param target of X-Amz-Target */
  operate(target: string, body: Uint8Array, caller: ReferenceIdentity): object {
    const rules = this.#rules;
    this.#purge();
    const operation = rules.operation(target);
    if (operation === undefined || !Object.hasOwn(operations, operation)) {
      const isTheirs = operation !== undefined && notHad.test(operation);
      throw refusal(rules, isTheirs ? "operation/not-had" : "operation/unknown", "There is no such operation here.");
    }
    const input = this.#inputOf(operation, body);
    return rules.answer(operation, this.#answerOf(operation, input, caller));
  }

  #answerOf(operation: string, input: Members, caller: ReferenceIdentity): object {
    if (policyOperations.includes(operation)) return this.policies.operate(operation, input, caller);
    if (isQuery(operation)) {
      if (this.#queries === undefined) throw refusal(this.#rules, "operation/not-had", "There are no queries here.");
      const { EventDataStore: store } = input;
      const isOther = typeof store === "string" && store.startsWith("arn:") && !isStores(store);
      if (isOther && operation !== "ListQueries" && this.#rules.refusals["query/not-a-store"] !== undefined)
        throw refusal(this.#rules, "query/not-a-store", `${store} is no event data store's ARN`);
      return this.#queries.operate(operation, input, caller);
    }
    const { region, now } = this.#place;
    const mayUse = (store: EventDataStore) => this.policies.decide(store, `cloudtrail:${operation}`, caller).allowed;
    const call = { operation, input, caller, state: this.state, rules: this.#rules, region, now: now(), mayUse };
    if (operation === "DeleteChannel") {
      this.policies.forget(deleteChannel(call).arn);
      return {};
    }
    return handlers[operation]!(call);
  }

  /** What queries see. */
  #queried(): QueriedLake {
    const { state } = this;
    const { region, now } = this.#place;
    return {
      region,
      now,
      store: (idOrArn) => state.storeOf(idOrArn),
      mayUse: (store, operation, caller) => this.policies.decide(store, `cloudtrail:${operation}`, caller).allowed,
      events: ({ events, retentionDays }) =>
        [...events.values()].filter(({ eventTime }) => this.#rules.isRetained(eventTime, retentionDays, now())),
      nextId: () => state.nextId(),
    };
  }

  #inputOf(operation: string, body: Uint8Array): Members {
    const rules = this.#rules;
    let input: unknown;
    try {
      input = rules.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    } catch (error) {
      throw refusal(rules, "body/malformed", error instanceof Error ? error.message : "The body is not JSON");
    }
    if (!isMembers(input)) throw refusal(rules, "body/malformed", "The body is no JSON object");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was looked up
    const problems = rules.shape(operation as OperationName, input);
    const [first] = problems;
    if (first === undefined) return input;
    if (problems.some(({ constraint }) => constraint === "type"))
      throw refusal(rules, "body/malformed", shapeMessage(problems));
    const code = rules.shapeError(operation, first.path.split("/")[1] ?? "");
    throw new Refusal(code, shapeMessage(problems), rules.statusOf(code));
  }

  /** Stores whose wait is over are no longer there. */
  #purge(): void {
    const now = this.#place.now();
    for (const [id, { arn, deletedAt }] of this.state.stores)
      if (deletedAt !== undefined && now - deletedAt >= this.#rules.restoreWindowMs) {
        this.state.stores.delete(id);
        this.policies.forget(arn);
      }
  }
}

const isStores = (arn: string): boolean => parseCloudTrailArn(arn)?.type === "eventdatastore";

function isQuery(operation: string): operation is QueryOperation {
  return queryOperations.some((name) => name === operation);
}
