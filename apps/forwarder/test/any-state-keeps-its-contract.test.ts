import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { openStateFile } from "../src/state/sqlite-state.ts";
import { stateContract } from "./support/state-contract.ts";

vi.setConfig({ testTimeout: 60_000 });

stateContract("SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "tributary-state-"));
  return {
    open: () => Promise.resolve(openStateFile(join(directory, "forwarder.db"))),
    // oxlint-disable-next-line require-await -- a state in a server ends asynchronously
    end: async () => rmSync(directory, { recursive: true }),
  };
});
