import { existsSync } from "node:fs";
import { TributaryError } from "@tributary/schema";
import type { PostgresPlace } from "./postgres-connection.ts";
import { sealedState } from "./sealed-state.ts";
import { joinStateFile, openStateFile, readStateFile } from "./sqlite-state.ts";
import type { StateDatabase } from "./state-database.ts";
import type { StateKeys } from "./state-keys.ts";
import { lockState } from "./state-lock.ts";

/** Where a state is. */
export type StatePlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "postgres"; readonly place: PostgresPlace };

/**
 * Opens a state to work on it, and makes it where there is none. A file is taken for this process alone: throws `STATE_IN_USE` while
 * another holds it.
 */
export async function holdState(
  where: StatePlace,
  keys: StateKeys | undefined,
): Promise<{ readonly database: StateDatabase; readonly close: () => Promise<void> }> {
  if (where.kind === "postgres") {
    const { openPostgresState } = await import("./postgres-state.ts");
    const database = await sealedState(await openPostgresState(where.place), keys, true);
    return { database, close: () => database.close() };
  }
  const unlock = lockState(where.path);
  try {
    const database = await sealedState(openStateFile(where.path), keys, true);
    const close = async () => {
      await database.close();
      unlock();
    };
    return { database, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Opens a state that is there, to change what a forwarder that may be working on it does not hold in memory. Throws as {@link readState}. */
export async function joinState(where: StatePlace, keys: StateKeys | undefined): Promise<StateDatabase> {
  return await sealedState(await unsealed(where, true), keys, true);
}

/** Opens a state to look at it, beside a running forwarder too. Throws `STATE_NOT_FOUND` and `STATE_VERSION`. */
export async function readState(where: StatePlace, keys: StateKeys | undefined): Promise<StateDatabase> {
  return await sealedState(await unsealed(where, false), keys, false);
}

async function unsealed(where: StatePlace, writes: boolean): Promise<StateDatabase> {
  if (where.kind === "postgres") {
    const { readPostgresState } = await import("./postgres-state.ts");
    return await readPostgresState(where.place);
  }
  mustExist(where.path);
  return writes ? joinStateFile(where.path) : readStateFile(where.path);
}

function mustExist(path: string): void {
  if (!existsSync(path))
    throw new TributaryError(
      `There is no state at ${path}: tributary run or forward makes it. Name another with --state or --config.`,
      { code: "STATE_NOT_FOUND" },
    );
}
