import { nodeFiles } from "../src/objects/object-files.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";

// One of two processes that put the same keys at the same time. The race is about link(2), so nothing waits for the disk.
const [directory, name, keys] = process.argv.slice(2) as [string, string, string];
const objects = await openDirectoryObjects({ directory, files: { ...nodeFiles, sync: async () => undefined } });
const won: number[] = [];
process.send!("ready");
await new Promise((resolve) => process.once("message", resolve));

/** Both go the same way, where they meet at the same keys, and every other hundred against each other, where neither stays ahead. */
function keyAt(step: number): number {
  const block = Math.floor(step / 100);
  return name === "b" && block % 2 === 1 ? block * 100 + 99 - (step % 100) : step;
}

let next = 0;
await Promise.all(
  Array.from({ length: 16 }, async () => {
    while (next < Number(keys)) {
      const key = keyAt(next++);
      try {
        await objects.put(`race/${key % 50}/${key}`, Buffer.from(`${name} put ${key}`));
        won.push(key);
      } catch (error) {
        if ((error as { code?: string }).code !== "OBJECT_EXISTS") throw error;
      }
    }
  }),
);
process.send!(won, () => process.disconnect());
