import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { directoryMode } from "../objects/directory-mode.ts";
import { hasCode } from "../objects/object-files.ts";

/**
 * Makes the directory of objects, where query processes start, and shuts what is in it to all but the lake, as far as the stores'
 * directories: an earlier build, or somebody, may have left them open. Table files stay within reach of who knows their names.
 */
export function shutDirectories(directory: string): void {
  mkdirSync(directory, { recursive: true });
  // Whatever the umask: children pass through it.
  chmodSync(directory, 0o711);
  shut(directory, []);
}

function shut(directory: string, parents: readonly string[]): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const segments = [...parents, entry.name];
    const path = join(directory, entry.name);
    // Days are many, and each is shut by the next file in it.
    if (entry.name.startsWith("eventday=")) continue;
    try {
      chmodSync(path, directoryMode(segments));
    } catch (error) {
      // Another user's, which only root could shut; or deleted just now.
      if (!hasCode(error, "EPERM", "ENOENT")) throw error;
      continue;
    }
    if (segments[0] === "tables" && segments.length < 3) shut(path, segments);
  }
}
