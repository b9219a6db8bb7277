import { existsSync } from "node:fs";
import { TributaryError } from "@tributary/schema";
import { loadConfig } from "../config/load-config.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { joinStateFile, openStateFile, readStateFile } from "../state/sqlite-state.ts";
import type { StateDatabase } from "../state/state-database.ts";
import { lockState } from "../state/state-lock.ts";
import { statePath } from "../state/state-path.ts";
import type { Io } from "./command.ts";

/**
 * The state that a command line names, beside a forwarder that may be working on it. Throws `STATE_NOT_FOUND` and `STATE_VERSION`.
 * @param writes to change what a forwarder does not hold in memory
 */
export async function openState(
  named: { readonly state?: string | undefined; readonly config?: string | undefined },
  io: Pick<Io, "env">,
  writes = false,
): Promise<StateDatabase> {
  const path = await pathOf(named, io);
  if (!existsSync(path)) throw new TributaryError(`There is no state at ${path}.`, { code: "STATE_NOT_FOUND" });
  return writes ? joinStateFile(path) : readStateFile(path);
}

/** The state of a configuration: held by this process, or joined where another forwarder holds it. */
export function holdOrJoin(
  config: LoadedConfig,
  state: string | undefined,
  env: NodeJS.ProcessEnv,
): { readonly database: StateDatabase; readonly isHeld: boolean; readonly release: () => void } {
  const path = statePath(state ?? config.state, env);
  let release: () => void;
  try {
    release = lockState(path);
  } catch (error) {
    if (!(error instanceof TributaryError) || error.code !== "STATE_IN_USE") throw error;
    return { database: joinStateFile(path), isHeld: false, release: () => undefined };
  }
  try {
    return { database: openStateFile(path), isHeld: true, release };
  } catch (error) {
    release();
    throw error;
  }
}

async function pathOf(
  { state, config }: { readonly state?: string | undefined; readonly config?: string | undefined },
  { env }: Pick<Io, "env">,
): Promise<string> {
  return statePath(state ?? (config === undefined ? undefined : (await loadConfig(config, env)).state), env);
}
