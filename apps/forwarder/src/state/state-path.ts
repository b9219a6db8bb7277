import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { TributaryError } from "@tributary/schema";

const fileName = "forwarder.db";

/** The state file: `given` (a directory, or a file ending in .db), else `$TRIBUTARY_STATE`, else `~/.tributary`. */
export function statePath(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const path = resolve(given ?? (env["TRIBUTARY_STATE"] || join(homedir(), ".tributary")));
  const isFile = existsSync(path) ? statSync(path).isFile() : path.endsWith(".db");
  return isFile ? path : join(path, fileName);
}

/**
 * Creates the folder (0700) and the file (0600) before SQLite opens it: records are other people's data. Throws `STATE_FAILED`
 * where the file system does not let it.
 */
export function preparePrivateFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TributaryError(
      `The state cannot be opened for writing: ${why}. Name another place, or change the rights of this one.`,
      {
        code: "STATE_FAILED",
        cause,
      },
    );
  }
}
