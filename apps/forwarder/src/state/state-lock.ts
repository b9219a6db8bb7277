import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import { preparePrivateFile } from "./state-path.ts";

/**
 * Takes the state for this process: an exclusive SQLite lock on a file beside it. The kernel frees it when the process
 * ends, kill -9 included. Throws `STATE_IN_USE` while another forwarder holds it.
 */
export function lockState(statePath: string): () => void {
  const path = `${statePath}.lock`;
  preparePrivateFile(path);
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    if (!isBusy(cause))
      throw new TributaryError(`${path} cannot be locked: ${cause instanceof Error ? cause.message : String(cause)}.`, {
        code: "STATE_FAILED",
        cause,
      });
    throw new TributaryError(
      `Another forwarder is working on ${statePath}. Wait for it, or give this one its own --state.`,
      {
        code: "STATE_IN_USE",
        retryable: true,
        cause,
      },
    );
  }
  return () => lock.close();
}

/** SQLITE_BUSY. */
const isBusy = (error: unknown): boolean => error instanceof Error && "errcode" in error && error.errcode === 5;
