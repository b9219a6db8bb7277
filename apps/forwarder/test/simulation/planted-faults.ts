import { Daemon } from "../../src/daemon/daemon.ts";
import { Integration } from "../../src/daemon/integration.ts";
import { Intake } from "../../src/daemon/intake.ts";
import { LeaseKeeper } from "../../src/daemon/lease-keeper.ts";
import { Parking } from "../../src/daemon/parking.ts";
import type { SendAnswer, Sender } from "../../src/delivery/sender.ts";
import { AskedLetters } from "../../src/state/asked-letters.ts";
import { IntegrationStore } from "../../src/state/integration-store.ts";
import type { StateTransaction } from "../../src/state/state-database.ts";
import type { Changes } from "../../src/state/store.ts";
import type { Fault } from "./fault.ts";
import { TableLeases } from "./table-leases.ts";

/** Puts another method in the place of one; what it answers takes that back. */
function instead<T extends object, K extends keyof T>(of: T, name: K, make: (before: T[K]) => T[K]): () => void {
  const before = of[name];
  of[name] = make(before);
  return () => {
    of[name] = before;
  };
}

/** Every commit of an integration, as `change` has it. */
const commits = (change: (changes: Changes, commit: (changes: Changes) => Promise<void>) => Promise<void>): Fault => ({
  plant: () =>
    instead(
      IntegrationStore.prototype,
      "commit",
      (before) =>
        function (this: IntegrationStore, changes) {
          return change(changes, (some) => before.call(this, some));
        },
    ),
});

/** Every answer of a lake, as `change` has it. */
const answers = (change: (answer: SendAnswer, ids: readonly string[]) => SendAnswer): Fault => ({
  sender: (sender) => ({
    ...sender,
    send: async (request) =>
      change(
        await sender.send(request),
        request.auditEvents.map(({ id }) => id),
      ),
  }),
});

/** Every statement of a transaction, as `change` has it. */
const statements = (change: (transaction: StateTransaction) => Partial<StateTransaction>): Fault => ({
  state: (state) => ({
    leases: state.leases,
    all: (sql, ...values) => state.all(sql, ...values),
    get: (sql, ...values) => state.get(sql, ...values),
    snapshot: (work) => state.snapshot(work),
    nextChunk: () => state.nextChunk(),
    size: () => state.size(),
    close: () => state.close(),
    transaction: (work, room) =>
      state.transaction(
        (transaction) =>
          work({
            all: (sql, ...values) => transaction.all(sql, ...values),
            get: (sql, ...values) => transaction.get(sql, ...values),
            run: (sql, ...values) => transaction.run(sql, ...values),
            insert: (into, rows, conflict) => transaction.insert(into, rows, conflict),
            lock: (name) => transaction.lock(name),
            ...change(transaction),
          }),
        room,
      ),
  }),
});

/** By their names; each is what somebody may really write. */
export const plantedFaults: Readonly<Record<string, Fault>> = {
  "a push is answered before it is written": {
    plant: () =>
      instead(
        Intake.prototype,
        "commit",
        (before) =>
          async function (this: Intake, changes) {
            const written = before.call(this, changes);
            if (changes.replays === undefined) return await written;
            written.catch(() => undefined);
          },
      ),
  },
  "a push is answered 200 though the disk is full": {
    plant: () =>
      instead(
        Intake.prototype,
        "commit",
        (before) =>
          function (this: Intake, changes) {
            return before.call(this, changes).catch(() => undefined);
          },
      ),
  },
  "the cursor of a page is written before its records": commits(async (changes, commit) => {
    if (changes.polled?.cursor !== undefined) await commit({ polled: changes.polled });
    await commit(changes);
  }),
  "a delivery is remembered before its records": commits(async (changes, commit) => {
    const { replays, ...rest } = changes;
    if (replays !== undefined) await commit({ replays });
    await commit(rest);
  }),
  "what is settled is written before what was sent": commits(async (changes, commit) => {
    const { sent, ...rest } = changes;
    await commit(rest);
    const { at } = changes;
    if (sent !== undefined && sent.length > 0 && at !== undefined) await commit({ sent, at });
  }),
  "an entry that an answer does not name counts as delivered": answers((answer, ids) => {
    const named = new Set([...(answer.successful ?? []), ...(answer.failed ?? [])].map(({ id }) => id));
    const missing = ids.filter((id) => !named.has(id)).map((id) => ({ id, eventID: "e" }));
    return { ...answer, successful: [...(answer.successful ?? []), ...missing] };
  }),
  "every entry of an answer with status 200 counts as delivered": answers((answer, ids) => ({
    ...answer,
    successful: ids.map((id) => ({ id, eventID: "e" })),
    failed: [],
  })),
  "an entry that is throttled dies": answers((answer) => ({
    ...answer,
    failed: answer.failed?.map((entry) => ({ ...entry, errorCode: "InvalidData" })),
  })),
  "a channel that refuses its caller refuses its events": {
    sender: (sender): Sender => ({
      ...sender,
      send: (request) =>
        sender.send(request).catch((error: unknown) => {
          if (!(error instanceof Error) || error.name !== "ChannelInsufficientPermission") throw error;
          const failed = request.auditEvents.map(({ id }) => ({ id, errorCode: error.name, errorMessage: "no" }));
          return { successful: [], failed };
        }),
    }),
  },
  "a second attempt has other bytes": {
    sender: (sender) => {
      const seen = new Set<string>();
      const again = (id: string) => seen.size === seen.add(id).size;
      return {
        ...sender,
        send: (request) =>
          sender.send({
            channelArn: request.channelArn,
            auditEvents: request.auditEvents.map((event) =>
              again(event.id) ? { ...event, eventData: event.eventData.replace("tester", "Tester") } : event,
            ),
          }),
      };
    },
  },
  "only the first destination is given what comes in": statements((transaction) => ({
    insert: (into, rows, conflict) =>
      transaction.insert(into, into.startsWith("chunk (") ? rows.slice(0, 1) : rows, conflict),
  })),
  "frames that others still need go with the first destination": statements((transaction) => ({
    run: (sql, ...values) =>
      sql.startsWith("DELETE FROM spool")
        ? transaction.run(
            "DELETE FROM spool WHERE chunk = (SELECT coalesce(spool, id) FROM chunk WHERE id = ?)",
            ...values,
          )
        : transaction.run(sql, ...values),
  })),
  "what was sent is not remembered": statements((transaction) => ({
    insert: (into, rows, conflict) =>
      into.startsWith("sent (") ? Promise.resolve(rows.length) : transaction.insert(into, rows, conflict),
  })),
  "a chunk that is folded is counted again": statements((transaction) => ({
    run: (sql, ...values) =>
      sql.startsWith("DELETE FROM progress") ? Promise.resolve(1) : transaction.run(sql, ...values),
  })),
  "the bytes of a dead letter are not kept": statements((transaction) => ({
    insert: (into, rows, conflict) =>
      into.startsWith("original (") ? Promise.resolve(rows.length) : transaction.insert(into, rows, conflict),
  })),
  "a dead letter that is sent again stays one": {
    plant: () => instead(AskedLetters.prototype, "end", () => () => Promise.resolve()),
  },
  "a commit does not read its lease": {
    plant: () => instead(TableLeases.prototype, "check", () => () => Promise.resolve()),
  },
  "a request does not ask whether the lease is held": {
    plant: () => instead(LeaseKeeper.prototype, "sure", () => () => Promise.resolve()),
  },
  "an integration whose lease was lost goes on": {
    plant: () => instead(Integration.prototype, "letGo", () => () => Promise.resolve()),
  },
  "a reload does not end what it replaces": {
    plant: () => instead(Integration.prototype, "stop", () => () => Promise.resolve(0)),
  },
  "a broken configuration ends what runs": {
    plant: () =>
      instead(
        Daemon.prototype,
        "reload",
        (before) =>
          async function (this: Daemon) {
            await before.call(this);
            if (this.receiver("/hooks/0") === undefined) await this.stop(0);
          },
      ),
  },
  "what is parked stays parked": {
    plant: () => instead(Parking.prototype, "park", () => () => new Promise<never>(() => undefined)),
  },
};
