/** zstd came in 22.15, the `timeout` and `isTransaction` of node:sqlite in 22.16 and 24.0. */
export const neededNode = "22.16 or a later 22, or 24 or later";

/** What to tell the user when this Node.js cannot run the forwarder; undefined when it can. */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major >= 24 || (major === 22 && minor >= 16)) return undefined;
  return `tributary needs Node.js ${neededNode} (zstd, node:sqlite); this is ${version}.`;
}
