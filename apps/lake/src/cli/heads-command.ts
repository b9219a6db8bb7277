import { type CommandIo, type CommandValues, required } from "./command.ts";
import { openLake } from "./open-lake.ts";

/** `heads`: where each store's history ends, to be kept elsewhere. */
export async function headsCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const { catalog } = await openLake(required(values, "data"));
  try {
    for (const head of await catalog.storeHeads())
      io.stdout.write(values.json ? `${JSON.stringify(head)}\n` : `${head.storeId}  ${head.version}  ${head.chain}\n`);
    return 0;
  } finally {
    await catalog.close();
  }
}
