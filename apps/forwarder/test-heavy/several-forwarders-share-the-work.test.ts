import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import { noPostgres, type PostgresServer, postgresServer } from "./postgres-server.ts";
import { type Round, sharedRounds } from "./shared-rounds.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const wanted = Number(process.env["TRIBUTARY_ROUNDS"] ?? 5);
const program = fileURLToPath(new URL("faulty-forwarder.ts", import.meta.url));

if (noPostgres !== undefined) console.log(`skipped: ${noPostgres}`);

describe.skipIf(noPostgres !== undefined)("two forwarders, eight integrations, one PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => void (server = await postgresServer()));
  afterAll(() => server[Symbol.dispose]());

  test(`${wanted} rounds of SIGKILL, SIGTERM, SIGSTOP with a later SIGCONT, and of the database's crash: every payload once, nothing invented`, async () => {
    const kinds: readonly Round[] = ["kill", "freeze", "term", "freeze", "postgres"];
    const rounds = Array.from({ length: wanted }, (_, n) => kinds[n % kinds.length]!);
    const random = seededRandom(seed);
    const verdict = await sharedRounds({ rounds, server, schema: "rounds", random, perRound: 200 });
    console.log(`seed ${seed}:`, JSON.stringify(verdict));
    expect(verdict.problems).toEqual([]);
    expect(verdict.counted).toBe(wanted);
    expect(verdict.retryAfter).toBeGreaterThan(0);
    // 2 s after its last beat it counts as dead; a beat comes each 0.4 s.
    expect(verdict.handovers.length).toBeGreaterThan(0);
    for (const milliseconds of verdict.takeovers) expect(milliseconds).toBeLessThan(15_000);
  });

  test("with three destinations an integration, one forwarder killed, one frozen and thawed: each destination gets everything, once", async () => {
    const rounds: readonly Round[] = ["kill", "freeze", "freeze", "kill"];
    const random = seededRandom(seed);
    const verdict = await sharedRounds({ rounds, server, schema: "fan_out", random, perRound: 80, destinations: 3 });
    console.log(`seed ${seed}:`, JSON.stringify(verdict));
    expect(verdict.problems).toEqual([]);
    expect(verdict.counted).toBe(rounds.length);
    expect(verdict.takeovers).toHaveLength(rounds.length);
  });

  test("the same rounds find a forwarder that writes without its lease", async () => {
    const problems: string[] = [];
    for (let tries = 0; tries < 3 && problems.length === 0; tries++) {
      const random = seededRandom(seed + tries);
      const env = { PLANTED_FAULT: "writes-without-a-lease" };
      const rounds = ["freeze", "freeze", "freeze"] as const;
      const schema = `planted_${tries}`;
      // What is written without a lease may also leave a queue that never drains.
      const found = await sharedRounds({ rounds, server, schema, random, perRound: 120, program, env }).then(
        (verdict) => verdict.problems,
        (error: unknown) => {
          if (error instanceof Error && /^not in \d+ s: /.test(error.message)) return [error.message.split("\n")[0]!];
          throw error;
        },
      );
      problems.push(...found);
    }
    console.log(`seed ${seed}: the first of ${problems.length} problems: ${problems[0] ?? "none"}`);
    expect(problems.length).toBeGreaterThan(0);
  });
});
