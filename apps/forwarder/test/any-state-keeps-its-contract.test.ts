import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { sealedState } from "../src/state/sealed-state.ts";
import { openStateFile } from "../src/state/sqlite-state.ts";
import { StateKeys } from "../src/state/state-keys.ts";
import { stateContract } from "./support/state-contract.ts";

vi.setConfig({ testTimeout: 60_000 });

for (const keys of [undefined, new StateKeys([Buffer.alloc(32, 7).toString("base64")])])
  stateContract(keys === undefined ? "SQLite" : "sealed SQLite", () => {
    const directory = mkdtempSync(join(tmpdir(), "tributary-state-"));
    return {
      open: () => sealedState(openStateFile(join(directory, "forwarder.db")), keys, true),
      // oxlint-disable-next-line require-await -- a state in a server ends asynchronously
      end: async () => rmSync(directory, { recursive: true }),
    };
  });
