import type { StateDatabase } from "./state-database.ts";

/** The number of this adapter and channel in the state, under a name where it has one; made on first use. */
export async function integrationNumber(
  database: StateDatabase,
  adapter: string,
  channelArn: string,
  name = "",
): Promise<number> {
  const find = () =>
    database.get(
      "SELECT id FROM integration WHERE adapter = ? AND channel = ? AND name = ?",
      adapter,
      channelArn,
      name,
    );
  const known = await find();
  if (known !== undefined) return Number(known["id"]);
  await database.transaction((transaction) =>
    transaction.insert("integration (adapter, channel, name)", [[adapter, channelArn, name]], "DO NOTHING"),
  );
  return Number((await find())?.["id"]);
}
