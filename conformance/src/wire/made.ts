import { isMembers, type Members } from "../core/members.ts";
import { type Answer, readAnswer } from "./answer.ts";
import type { Identity } from "./identity.ts";
import type { WireAnswer } from "./wire-request.ts";

/** Calls an operation of the control plane as somebody. */
type Call = (operation: string, input: Members, as: Identity | undefined) => Promise<Answer>;

/** How what an operation did is undone. */
interface Undoing {
  readonly operation: string;
  /** Of the operation that undoes: names the resource. */
  readonly member: string;
  /** The resource, by what was asked and answered. */
  readonly resource: (input: Members, output: Members) => unknown;
}

/** In the order in which it is undone: a store with a channel cannot be deleted. */
const undoings: Readonly<Record<string, Undoing>> = {
  PutResourcePolicy: {
    operation: "DeleteResourcePolicy",
    member: "ResourceArn",
    resource: (input) => input["ResourceArn"],
  },
  CreateChannel: { operation: "DeleteChannel", member: "Channel", resource: (_input, output) => output["ChannelArn"] },
  StopEventDataStoreIngestion: {
    operation: "StartEventDataStoreIngestion",
    member: "EventDataStore",
    resource: (input) => input["EventDataStore"],
  },
  CreateEventDataStore: {
    operation: "DeleteEventDataStore",
    member: "EventDataStore",
    resource: (_input, output) => output["EventDataStoreArn"],
  },
  RestoreEventDataStore: {
    operation: "DeleteEventDataStore",
    member: "EventDataStore",
    resource: (input) => input["EventDataStore"],
  },
};
const order = [...new Set(Object.values(undoings).map(({ operation }) => operation))];

interface Thing extends Undoing {
  readonly arn: string;
  readonly as: Identity | undefined;
}

/**
 * What a run made at its subject and has not deleted yet. It is read off what is asked and answered, whoever asks: a check that fails or
 * is interrupted in its middle leaves nothing behind.
 */
export class Made {
  readonly #things = new Map<string, Thing>();
  readonly #coming = new Set<Promise<unknown>>();

  /** ARNs of what is still there, and is the run's to delete. */
  get left(): readonly string[] {
    return this.#owed().map(({ arn }) => arn);
  }

  /** Follows a request whose answer somebody may no longer wait for. */
  follow(operation: string | undefined, body: string, as: Identity | undefined, answer: Promise<WireAnswer>): void {
    if (operation === undefined) return;
    const noted = answer.then(
      (found) => this.#note(operation, body, as, readAnswer(found)),
      () => undefined,
    );
    if (undoings[operation] === undefined) return;
    this.#coming.add(noted);
    void noted.finally(() => this.#coming.delete(noted));
  }

  /**
   * Undoes everything. Answers the ARNs of what could not be undone.
   * @param waitMs how long a request that makes something may still take to be answered
   */
  async remove(call: Call, waitMs = 10_000): Promise<readonly string[]> {
    await atMost(waitMs, Promise.allSettled(this.#coming));
    for (const thing of this.#owed()) {
      const isUndone = await undone(thing, call);
      if (isUndone) this.#things.delete(keyOf(thing.operation, thing.arn));
    }
    return this.left;
  }

  #note(operation: string, body: string, as: Identity | undefined, answer: Answer): void {
    if (answer.status !== 200) return;
    const input = membersOf(body);
    for (const { operation: undo, member } of Object.values(undoings))
      if (undo === operation) this.#things.delete(keyOf(undo, String(input[member])));
    const undoing = undoings[operation];
    if (undoing === undefined) return;
    const arn = undoing.resource(input, answer.json ?? {});
    if (typeof arn === "string") this.#things.set(keyOf(undoing.operation, arn), { ...undoing, arn, as });
  }

  /** A policy goes with its channel, what is stopped with its store. */
  #owed(): readonly Thing[] {
    const goes = (arn: string) =>
      ["DeleteChannel", "DeleteEventDataStore"].some((operation) => this.#things.has(keyOf(operation, arn)));
    return [...this.#things.values()]
      .filter(
        ({ operation, arn }) => operation.startsWith("DeleteChannel") || operation.endsWith("Store") || !goes(arn),
      )
      .toSorted((one, other) => order.indexOf(one.operation) - order.indexOf(other.operation));
  }
}

async function undone({ operation, member, arn, as }: Thing, call: Call): Promise<boolean> {
  const undo = () => call(operation, { [member]: arn }, as).catch(() => undefined);
  let answer = await undo();
  if (answer?.code === "EventDataStoreTerminationProtectedException") {
    await call("UpdateEventDataStore", { [member]: arn, TerminationProtectionEnabled: false }, as).catch(
      () => undefined,
    );
    answer = await undo();
  }
  return answer?.status === 200 || /NotFound|InactiveEventDataStore/.test(answer?.code ?? "");
}

/** Resources are named by ARN or by id, its last part. */
const keyOf = (operation: string, arn: string): string => `${operation} ${arn.split("/").at(-1)}`;

function membersOf(text: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : {};
  } catch {
    return {};
  }
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
