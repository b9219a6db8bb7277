import { TributaryError } from "@tributary/schema";
import { nodeFiles } from "../src/objects/object-files.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";

// One of two processes that put the same keys at the same time. The race is about link(2), so nothing waits for the disk.
const [directory = "", name = "", keys = "0"] = process.argv.slice(2);
const objects = await openDirectoryObjects({ directory, files: { ...nodeFiles, sync: async () => undefined } });
const round = 500;

/** Both go the same way, meeting at the same keys; in every other round against each other, where neither can stay ahead. */
function keyAt(step: number): number {
  const first = step - (step % round);
  return name === "b" && (first / round) % 2 === 1 ? first + round - 1 - (step % round) : step;
}

for (let first = 0; first < Number(keys); first += round) {
  process.send!("ready");
  await new Promise((resolve) => process.once("message", resolve));
  const won: number[] = [];
  let next = first;
  const worker = async (): Promise<void> => {
    while (next < first + round) {
      const key = keyAt(next++);
      try {
        await objects.put(`race/${key % 50}/${key}`, Buffer.from(`${name} put ${key}`));
        won.push(key);
      } catch (error) {
        if (!(error instanceof TributaryError && error.code === "OBJECT_EXISTS")) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  process.send!(won);
}
process.disconnect();
