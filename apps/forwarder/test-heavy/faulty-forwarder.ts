// A tributary with a planted fault, started like the command; the fault is named by the environment. The rounds of kills must
// find it: a test that does not would show nothing. The faults are put around Node and the client, the product has no part in them.
// oxlint-disable typescript/unbound-method -- each is called with the object it is taken for
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { CloudTrailDataClient } from "@tributary/client";
import { Client } from "pg";

/** A webhook's sender gets its 200 when the body is in, before anything is written. */
function answersBeforeCommit(): void {
  const emit = Reflect.get(Server.prototype, "emit") as (...args: readonly unknown[]) => boolean;
  Server.prototype.emit = function (this: Server, ...args: unknown[]): boolean {
    const [event, request, response] = args as [string, IncomingMessage, ServerResponse];
    if (event !== "request" || request.method !== "POST") return emit.apply(this, args);
    const { writeHead, end } = response;
    request.once("end", () => {
      Reflect.apply(writeHead, response, [200]);
      Reflect.apply(end, response, []);
    });
    Object.assign(response, { writeHead: () => response, end: () => response, setHeader: () => response });
    return emit.apply(this, args);
  };
}

/** What says how far a source was read is committed one transaction before the records. */
function cursorBeforeRecords(): void {
  const { prepare, exec } = DatabaseSync.prototype;
  const late: (() => void)[] = [];
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string): StatementSync {
    const statement = prepare.call(this, sql);
    if (!/^\s*INSERT (OR \w+ )?INTO (chunk|spool)\b/.test(sql)) return statement;
    const { run } = statement;
    const later = (...values: Parameters<StatementSync["run"]>) => {
      late.push(() => void run.apply(statement, values));
      return { changes: 1, lastInsertRowid: 0 };
    };
    return Object.assign(statement, { run: later });
  };
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
    exec.call(this, sql);
    if (sql !== "COMMIT" || late.length === 0) return;
    exec.call(this, "BEGIN IMMEDIATE");
    for (const write of late.splice(0)) write();
    exec.call(this, "COMMIT");
  };
}

/** An event counts as delivered when its request has left. */
function settlesBeforeAnswer(): void {
  const { send } = CloudTrailDataClient.prototype;
  CloudTrailDataClient.prototype.send = function (this: CloudTrailDataClient, ...args: Parameters<typeof send>) {
    const answer = send.apply(this, args);
    answer.catch(() => undefined);
    // The body is what is sent; the input may leave its events to it.
    const { auditEvents } = JSON.parse(Buffer.from(args[0].body ?? []).toString()) as {
      auditEvents: readonly { readonly id: string }[];
    };
    const successful = auditEvents.map(({ id }) => ({ id, eventID: "00000000-0000-8000-8000-000000000000" }));
    return Promise.resolve({ successful, failed: [], $metadata: {} }) as ReturnType<typeof send>;
  };
}

/** A holder of an integration is not asked whether it still holds it. */
function writesWithoutALease(): void {
  const query = Reflect.get(Client.prototype, "query") as (...args: readonly unknown[]) => unknown;
  Object.assign(Client.prototype, {
    query(this: Client, ...args: unknown[]): unknown {
      const [text, ...rest] = args;
      if (typeof text !== "string" || !text.includes("FOR SHARE")) return query.apply(this, args);
      const any =
        "SELECT 1 AS epoch WHERE (CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT)) IS NOT NULL";
      return query.apply(this, [any, ...rest]);
    },
  });
}

/** The state does not wait for the disk. */
function synchronousOff(): void {
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
    exec.call(this, sql.replace("synchronous = FULL", "synchronous = OFF"));
  };
}

const faults = {
  "answers-before-commit": answersBeforeCommit,
  "cursor-before-records": cursorBeforeRecords,
  "settles-before-answer": settlesBeforeAnswer,
  "synchronous-off": synchronousOff,
  "writes-without-a-lease": writesWithoutALease,
};

const plant = faults[process.env["PLANTED_FAULT"] as keyof typeof faults];
if (plant === undefined) throw new Error(`PLANTED_FAULT names one of ${Object.keys(faults).join(", ")}`);
plant();
await import("../dist/cli.js");
