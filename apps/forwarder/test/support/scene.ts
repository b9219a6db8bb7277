import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Adapter } from "@tributary/adapter-kit";
import { seededRandom } from "../../src/delivery/back-off.ts";
import { clientSender, type ClientSenderOptions } from "../../src/delivery/client-sender.ts";
import type { Sender } from "../../src/delivery/sender.ts";
import { findInputs } from "../../src/input/input.ts";
import { forward } from "../../src/pipeline/forward.ts";
import type { ForwardOptions } from "../../src/pipeline/forward-options.ts";
import type { Summary } from "../../src/pipeline/summary.ts";
import { integrationNumber } from "../../src/state/integration-number.ts";
import { IntegrationStore } from "../../src/state/integration-store.ts";
import { openStateFile } from "../../src/state/sqlite-state.ts";
import type { StateDatabase } from "../../src/state/state-database.ts";
import type { Store } from "../../src/state/store.ts";
import { instantClock } from "./instant-clock.ts";
import line from "./line-adapter.ts";

export const channelArn = "arn:aws:cloudtrail:us-east-1:111122223333:channel/0c1d2e3f-0000-4000-8000-000000000001";

/** A folder with a state file and inputs, and a way to forward them as often as a test likes. */
export interface Scene {
  readonly directory: string;
  readonly statePath: string;
  write(name: string, content: string | Uint8Array): string;
  run(
    options: {
      readonly sender: Sender;
      readonly files?: readonly string[];
      readonly wrap?: (store: Store) => Store;
    } & Partial<ForwardOptions>,
  ): Promise<Summary>;
  /** The state as the forwarder opens it. */
  state(): StateDatabase;
  /** Its file, for a look from outside. */
  database(): DatabaseSync;
  [Symbol.dispose](): void;
}

export function scene(adapter: Adapter = line): Scene {
  const directory = mkdtempSync(join(tmpdir(), "tributary-"));
  const statePath = join(directory, "state", "forwarder.db");
  return {
    directory,
    statePath,
    write(name, content) {
      writeFileSync(join(directory, name), content);
      return join(directory, name);
    },
    async run({ sender, files = [], wrap = (store) => store, ...more }) {
      const database = openStateFile(statePath);
      try {
        const real = new IntegrationStore(database, await integrationNumber(database, adapter.name, channelArn));
        const store = Object.assign(wrap(real), { integration: real.integration });
        const inputs = await findInputs(files, process.stdin);
        const clock = instantClock();
        return await forward({ adapter, channelArn, store, sender, inputs, clock, random: seededRandom(1), ...more });
      } finally {
        await database.close();
      }
    },
    state: () => openStateFile(statePath),
    database: () => new DatabaseSync(statePath),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** `count` different records of the line adapter, or of what `make` makes of their number. */
export function lines(count: number, make: (n: number) => object = () => ({})): string {
  return Array.from(
    { length: count },
    (_, n) => `${JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Test", id: `id-${n}`, ...make(n) })}\n`,
  ).join("");
}

/** The real client against a scripted server. */
export function sendTo(
  endpoint: string | undefined,
  timeoutMs?: number,
  more: Partial<ClientSenderOptions> = {},
): Promise<Sender> {
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "an-example-secret" };
  return clientSender({ region: "us-east-1", endpoint, client: "built-in", credentials, timeoutMs, ...more });
}
