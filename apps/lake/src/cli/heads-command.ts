import { systemClock } from "../clock.ts";
import { type CommandIo, type CommandValues, required } from "./command.ts";
import { openLake } from "./open-lake.ts";

/** `heads`: where each store's history ends, to be kept elsewhere. */
export async function headsCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const { catalog } = await openLake(required(values, "data"));
  try {
    const heads = await catalog.storeHeads();
    const keptAt = systemClock.now();
    for (const head of heads)
      io.stdout.write(
        values.json ? `${JSON.stringify({ ...head, keptAt })}\n` : `${head.storeId}  ${head.version}  ${head.chain}\n`,
      );
    return 0;
  } finally {
    await catalog.close();
  }
}
