import { administratorPolicy } from "@tributary/policy";
import { deepEqual, equal, partialDeepStrictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { ControlView } from "../src/control/control-view.ts";
import { deletionWaitMs } from "../src/control/deletion-wait.ts";
import type { ControlCall, StateOperation } from "../src/control/operation.ts";
import { operations } from "../src/control/operations.ts";
import { PaginationTokens } from "../src/control/pagination-tokens.ts";
import { defaultQuotas } from "../src/control/quotas.ts";
import { WireError } from "../src/http/wire-error.ts";
import { SourceRegistry } from "../src/sources/source-registry.ts";
import { activity } from "./test-lake.ts";

const accountId = "111122223333";
const names = ["one", "two", "three"] as const;
const channelNumbers = [0, 1, 2] as const;
type Name = (typeof names)[number];

/** What a store is, in the fewest words. */
interface ModelStore {
  status: "ENABLED" | "PENDING_DELETION";
  protection: boolean;
  deletedAt: number;
  updatedAt: number;
}
interface Model {
  readonly stores: Map<Name, ModelStore>;
  /** Store that the channel of a name delivers to. */
  readonly channels: Map<string, Name>;
}

/** The control plane without HTTP: decisions on the catalog's state. */
class Real {
  readonly catalog: SqliteCatalog;
  now = 1_780_000_000_000;
  ids = 0;
  readonly storeIds = new Map<Name, string>();
  readonly channelIds = new Map<string, string>();

  constructor(catalog: SqliteCatalog) {
    this.catalog = catalog;
  }

  /** The error's code, or the output. */
  async call(name: string, input: object): Promise<string | Readonly<Record<string, unknown>>> {
    const state = await this.catalog.readControl();
    const operation = operations.get(name) as unknown as StateOperation<object>;
    const call: ControlCall<object> = {
      view: new ControlView(state),
      caller: { arn: `arn:aws:iam::${accountId}:user/a`, accountId, identityPolicies: [administratorPolicy] },
      input,
      facts: {},
      env: {
        now: this.now,
        randomUuid: () => `00000000-0000-4000-8000-${(this.ids++).toString(16).padStart(12, "0")}`,
        region: "us-east-1",
        quotas: { ...defaultQuotas, eventDataStores: 2, channelsPerSource: 9 },
        sources: new SourceRegistry(),
        tokens: new PaginationTokens(() => new Uint8Array(32)),
      },
    };
    try {
      const { changes, output } = operation.decide(call);
      if (changes.length > 0) await this.catalog.changeControl(state.generation, changes);
      return output as Readonly<Record<string, unknown>>;
    } catch (error) {
      if (error instanceof WireError) return error.code;
      throw error;
    }
  }
}

type Command = fc.AsyncCommand<Model, Real>;

/** One call on one store; the model says what the answer must be. */
function command(text: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => text };
}

const store = fc.constantFrom(...names);
const unknown = "ffffffff-ffff-4fff-8fff-ffffffffffff";
const idOf = (real: Real, name: Name): string => real.storeIds.get(name) ?? unknown;

const create = fc.tuple(store, fc.boolean()).map(([name, protection]) =>
  command(`create ${name} ${protection}`, async (model, real) => {
    const answer = await real.call("CreateEventDataStore", {
      Name: name,
      AdvancedEventSelectors: activity,
      TerminationProtectionEnabled: protection,
    });
    if (model.stores.has(name)) return equal(answer, "EventDataStoreAlreadyExistsException");
    if (model.stores.size === 2) return equal(answer, "EventDataStoreMaxLimitExceededException");
    partialDeepStrictEqual(answer, { Status: "ENABLED" });
    real.storeIds.set(name, String((answer as { EventDataStoreArn: string }).EventDataStoreArn.split("/")[1]));
    model.stores.set(name, { status: "ENABLED", protection, deletedAt: 0, updatedAt: real.now });
  }),
);

const protect = fc.tuple(store, fc.boolean()).map(([name, protection]) =>
  command(`protect ${name} ${protection}`, async (model, real) => {
    const answer = await real.call("UpdateEventDataStore", {
      EventDataStore: idOf(real, name),
      TerminationProtectionEnabled: protection,
    });
    const known = model.stores.get(name);
    if (!known) return equal(answer, "EventDataStoreNotFoundException");
    if (known.status === "PENDING_DELETION") return equal(answer, "InactiveEventDataStoreException");
    Object.assign(known, { protection, updatedAt: Math.max(real.now, known.updatedAt) });
  }),
);

const remove = store.map((name) =>
  command(`delete ${name}`, async (model, real) => {
    const answer = await real.call("DeleteEventDataStore", { EventDataStore: idOf(real, name) });
    const known = model.stores.get(name);
    if (!known) return equal(answer, "EventDataStoreNotFoundException");
    if (known.status === "PENDING_DELETION") return equal(answer, "InactiveEventDataStoreException");
    if (known.protection) return equal(answer, "EventDataStoreTerminationProtectedException");
    if ([...model.channels.values()].includes(name)) return equal(answer, "ChannelExistsForEDSException");
    deepEqual(answer, {});
    const deletedAt = Math.max(real.now, known.updatedAt);
    Object.assign(known, { status: "PENDING_DELETION", deletedAt, updatedAt: deletedAt });
  }),
);

const restore = store.map((name) =>
  command(`restore ${name}`, async (model, real) => {
    const answer = await real.call("RestoreEventDataStore", { EventDataStore: idOf(real, name) });
    const known = model.stores.get(name);
    if (!known) return equal(answer, "EventDataStoreNotFoundException");
    if (known.status === "ENABLED" || real.now - known.deletedAt >= deletionWaitMs)
      return equal(answer, "InvalidEventDataStoreStatusException");
    Object.assign(known, { status: "ENABLED", updatedAt: Math.max(real.now, known.updatedAt) });
    partialDeepStrictEqual(answer, { Status: "ENABLED", TerminationProtectionEnabled: known.protection });
  }),
);

const connect = fc.tuple(store, fc.constantFrom(...channelNumbers)).map(([name, n]) =>
  command(`channel ${n} to ${name}`, async (model, real) => {
    const answer = await real.call("CreateChannel", {
      Name: `channel-${n}`,
      Source: "Custom",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: idOf(real, name) }],
    });
    const known = model.stores.get(name);
    if (model.channels.has(String(n))) return equal(answer, "ChannelAlreadyExistsException");
    if (!known) return equal(answer, "EventDataStoreNotFoundException");
    if (known.status === "PENDING_DELETION") return equal(answer, "InactiveEventDataStoreException");
    real.channelIds.set(String(n), (answer as { ChannelArn: string }).ChannelArn);
    model.channels.set(String(n), name);
  }),
);

const disconnect = fc.constantFrom(...channelNumbers).map((n) =>
  command(`delete channel ${n}`, async (model, real) => {
    if (!model.channels.delete(String(n))) return;
    deepEqual(await real.call("DeleteChannel", { Channel: real.channelIds.get(String(n)) }), {});
  }),
);

const pass = fc.integer({ min: -3, max: 9 }).map((days) =>
  command(`${days} days`, async (_model, real) => {
    real.now += days * 86_400_000;
  }),
);

/** What care does when the wait is over. */
const purge = store.map((name) =>
  command(`purge ${name}`, async (model, real) => {
    const known = model.stores.get(name);
    if (known?.status !== "PENDING_DELETION") return;
    await real.catalog.changeControl(await real.catalog.generation(), [
      { kind: "deleteStore", storeId: idOf(real, name), purgeId: `p${real.ids++}`, reason: "deleted" },
    ]);
    model.stores.delete(name);
    real.storeIds.delete(name);
  }),
);

const look = fc.constant(
  command("look", async (model, real) => {
    for (const [name, { status, protection }] of model.stores)
      partialDeepStrictEqual(await real.call("GetEventDataStore", { EventDataStore: idOf(real, name) }), {
        Status: status,
        TerminationProtectionEnabled: protection,
      });
    const { EventDataStores } = (await real.call("ListEventDataStores", {})) as {
      EventDataStores: { Name: string }[];
    };
    deepEqual(EventDataStores.map(({ Name }) => Name).toSorted(), [...model.stores.keys()].toSorted());
    // An append that was authorised before the last change inserts nothing.
    const generation = (await real.catalog.generation()) - 1;
    const entries = [{ storeId: idOf(real, "one"), events: 1, bytes: Buffer.from("x") }];
    const appended = await real.catalog.append({ generation, entries, ingestion: [], createdAt: 1 });
    equal(appended.kind, "moved");
  }),
);

const commands = [create, protect, remove, remove, restore, connect, disconnect, pass, purge, look];

/** Holds the control plane against the model, in `numRuns` random orders of calls. Throws what fast-check found. */
export async function checkStoreModel(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: "max" }), async (each) => {
      const catalog = await openSqliteCatalog({ file: ":memory:", clock: { now: () => 1, monotonic: () => 1 } });
      const real = new Real(catalog);
      await fc.asyncModelRun(() => ({ model: { stores: new Map(), channels: new Map() }, real }), each);
      await catalog.close();
    }),
    { numRuns },
  );
}
