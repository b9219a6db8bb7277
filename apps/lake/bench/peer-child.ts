// The peer of a lake's query: a process of its own, started before and waiting, that opens a DuckDB with the same settings, runs
// one statement on the same files and sends its rows as text. Its argument is DuckDB's settings as JSON.
import { DuckDBInstance } from "@duckdb/node-api";

const config = JSON.parse(process.argv[2]!) as Record<string, string>;

process.on("message", (statements: readonly string[]) => {
  void run(statements).then(
    (answer) => process.send!(answer),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
process.send!("ready");

async function run(
  statements: readonly string[],
): Promise<{ readonly rows: (string | null)[][]; readonly processorMs: number }> {
  const before = process.cpuUsage();
  const instance = await DuckDBInstance.create(":memory:", config);
  const connection = await instance.connect();
  for (const statement of statements.slice(0, -1)) await connection.run(statement);
  const reader = await connection.runAndReadAll(statements.at(-1)!);
  const rows = reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
  const { user, system } = process.cpuUsage(before);
  return { rows, processorMs: (user + system) / 1000 };
}
