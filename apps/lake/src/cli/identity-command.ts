import { openSqliteCatalog, type SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import { ControlView } from "../control/control-view.ts";
import { openDataDirectory } from "../serve/data-directory.ts";
import { type CommandIo, type CommandValues, required } from "./command.ts";
import { type IdentityAction, identityActions } from "./identity-actions.ts";
import { openLake } from "./open-lake.ts";

/** `identity ...` and `account ...`: work on the catalog directly, whether or not a lake serves it. */
export async function identityCommand(command: string, values: CommandValues, io: CommandIo): Promise<number> {
  const action: IdentityAction | undefined = identityActions.get(command);
  if (!action) throw new Error(`no such command: ${command}`);
  const data = required(values, "data");
  const catalog = command === "identity create" ? await makeLake(data) : (await openLake(data)).catalog;
  try {
    await action({
      catalog,
      values,
      fresh: async () => new ControlView(await catalog.readControl()),
      print: (value, text) => void io.stdout.write(values.json ? `${JSON.stringify(value)}\n` : text),
    });
    return 0;
  } finally {
    await catalog.close();
  }
}

function makeLake(data: string): Promise<SqliteCatalog> {
  return openSqliteCatalog({ file: openDataDirectory(data).catalogFile, clock: systemClock });
}
