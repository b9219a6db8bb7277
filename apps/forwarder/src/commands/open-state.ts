import { TributaryError } from "@tributary/schema";
import { loadConfig } from "../config/load-config.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { StateDatabase } from "../state/state-database.ts";
import { holdState, joinState, readState, type StatePlace } from "../state/state-place.ts";
import { statePath } from "../state/state-path.ts";
import { stateKeys } from "./state-keys.ts";
import type { Io } from "./command.ts";
import { usageError } from "./usage-error.ts";

/** Where the state is: what `--state` says, else the configuration, else the environment. */
export function stateOf(
  named: string | undefined,
  config: Pick<LoadedConfig, "state" | "postgres"> | undefined,
  env: NodeJS.ProcessEnv,
): StatePlace {
  if (named !== undefined && /^postgres(ql)?:/i.test(named))
    throw usageError(
      "--state takes a directory or a file. A URL of PostgreSQL stands in a configuration: postgres, and --config.",
    );
  if (named === undefined && config?.postgres !== undefined) return { kind: "postgres", place: config.postgres };
  return { kind: "file", path: statePath(named ?? config?.state, env) };
}

/**
 * The state that a command line names, beside a forwarder that may be working on it. Throws `STATE_NOT_FOUND` and `STATE_VERSION`.
 * @param writes to change what a forwarder does not hold in memory
 */
export async function openState(
  named: { readonly state?: string | undefined; readonly config?: string | undefined },
  { env }: Pick<Io, "env">,
  writes = false,
): Promise<StateDatabase> {
  const config = named.config === undefined ? undefined : await loadConfig(named.config, env);
  const where = stateOf(named.state, config, env);
  const keys = config?.keys ?? stateKeys(env);
  return await (writes ? joinState(where, keys) : readState(where, keys));
}

/** The state of a configuration: held by this process, or joined where another forwarder holds it or several share it. */
export async function holdOrJoin(
  config: LoadedConfig,
  state: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly database: StateDatabase; readonly isHeld: boolean; readonly close: () => Promise<void> }> {
  const where = stateOf(state, config, env);
  const keys = config.keys ?? stateKeys(env);
  const join = async () => {
    const database = await joinState(where, keys);
    return { database, isHeld: false, close: () => database.close() };
  };
  if (where.kind === "postgres") return await join();
  try {
    return { ...(await holdState(where, keys)), isHeld: true };
  } catch (error) {
    if (!(error instanceof TributaryError) || error.code !== "STATE_IN_USE") throw error;
    return await join();
  }
}
