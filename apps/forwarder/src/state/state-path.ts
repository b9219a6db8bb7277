import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

const fileName = "forwarder.db";

/** The state file: `given` (a directory, or a file ending in .db), else `$TRIBUTARY_STATE`, else `~/.tributary`. */
export function statePath(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const path = resolve(given ?? (env["TRIBUTARY_STATE"] || join(homedir(), ".tributary")));
  const isFile = existsSync(path) ? statSync(path).isFile() : path.endsWith(".db");
  return isFile ? path : join(path, fileName);
}

/** Creates the folder (0700) and the file (0600) before SQLite opens it: records are other people's data. */
export function preparePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}
