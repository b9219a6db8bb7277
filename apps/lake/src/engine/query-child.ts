import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { ChildUser, FromChild, ToChild } from "./child-message.ts";
import { watchMemory } from "./memory-watch.ts";
import { valueText } from "./value-text.ts";

// The query child: a process of its own that runs one query and ends. Its arguments are one JSON text; its messages are
// child-message.ts. It starts with the rights of the lake, loads everything it needs, and drops them before it opens the engine.
// The engine is opened while the child still waits for its query: none waits for that.

const maxPageRows = 1000;
const maxPageCharacters = 256 * 1024;
/** Pages sent and not yet asked past. */
const window = 2;

interface ChildArguments {
  readonly user: ChildUser | undefined;
  readonly config: Readonly<Record<string, string>>;
}

let connection: DuckDBConnection | undefined;
let opening: Promise<DuckDBConnection> | undefined;
const flow: { credit: number; wake: (() => void) | undefined } = { credit: window, wake: undefined };
let interrupted = false;

function send(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) die();
    else process.send(message, () => resolve());
  });
}

/** Native threads may still be at work: an orderly exit could wait for them. */
function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("unreachable");
}

function dropRights(user: ChildUser): void {
  if (process.setgroups === undefined || process.setgid === undefined || process.setuid === undefined)
    throw new Error("this system has no users to change to");
  process.setgroups([]);
  process.setgid(user.gid);
  process.setuid(user.uid);
  if (process.getuid?.() !== user.uid || process.geteuid?.() !== user.uid) throw new Error("the user did not change");
}

/** An engine in memory, its session in UTC: the time zones are loaded by then. */
async function open(config: Readonly<Record<string, string>>): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { ...config });
  const opened = await instance.connect();
  await opened.run("SET TimeZone = 'UTC'");
  await opened.run("SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00', json_valid('1')");
  return opened;
}

async function run(
  message: Extract<ToChild, { kind: "run" }>,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  watchMemory(config["memory_limit"], () => {
    const reason = `Out of Memory Error: the query needs more memory than one query may have (${config["memory_limit"]}).`;
    void send({ kind: "failed", message: reason }).then(die);
  });
  try {
    connection = await (opening ?? open(config));
    for (const statement of message.setup) await connection.run(statement);
    // A stream that fails after its first rows just ends: only the transaction around it knows.
    await connection.run("BEGIN TRANSACTION READ ONLY");
    const result = await connection.stream(message.sql);
    const types = result.columnTypes();
    await send({ kind: "columns", columns: result.columnNames() });
    let rows: (string | null)[][] = [];
    let characters = 0;
    const flush = async (): Promise<void> => {
      if (flow.credit === 0) await new Promise<void>((resolve) => (flow.wake = resolve));
      flow.credit--;
      await send({ kind: "page", rows });
      rows = [];
      characters = 0;
    };
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk === undefined || chunk.rowCount === 0) break;
      const columns = chunk.getColumns();
      for (let at = 0; at < chunk.rowCount; at++) {
        const row = types.map((type, column) => valueText(columns[column]?.[at] ?? null, type));
        for (const text of row) characters += text?.length ?? 0;
        rows.push(row);
        if (rows.length >= maxPageRows || characters >= maxPageCharacters) await flush();
      }
    }
    await assertWhole(connection, message.sql);
    if (rows.length > 0) await flush();
    await send({ kind: "end" });
  } catch (error) {
    await send({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

/** Throws the error by which a stream ended early: found by running the statement once more, its rows thrown away. */
async function assertWhole(on: DuckDBConnection, sql: string): Promise<void> {
  try {
    await on.run("SELECT 1");
  } catch {
    if (!interrupted) {
      await on.run("ROLLBACK");
      await on.run(`EXPLAIN ANALYZE ${sql}`);
    }
    throw new Error("The query stopped before its last row.");
  }
}

function main(): void {
  const { user, config }: ChildArguments = JSON.parse(process.argv[2] ?? "{}");
  process.on("disconnect", die);
  process.on("message", (message: ToChild) => {
    if (message.kind === "run") void run(message, config);
    else if (message.kind === "interrupt") {
      interrupted = true;
      connection?.interrupt();
    } else {
      flow.credit++;
      flow.wake?.();
    }
  });
  try {
    if (user !== undefined) dropRights(user);
  } catch (error) {
    void send({ kind: "unable", message: error instanceof Error ? error.message : String(error) });
    return;
  }
  void send({ kind: "ready", uid: process.getuid?.() });
  opening = open(config);
  // Told of to the query that comes.
  opening.catch(() => undefined);
}

main();
