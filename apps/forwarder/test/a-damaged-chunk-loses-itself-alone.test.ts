import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { openStateFile } from "../src/state/sqlite-state.ts";
import { damageContract } from "./support/damage-contract.ts";

vi.setConfig({ testTimeout: 900_000 });

damageContract("SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "tributary-damage-"));
  return {
    open: () => Promise.resolve(openStateFile(join(directory, "forwarder.db"))),
    end: () => rmSync(directory, { recursive: true }),
  };
});
