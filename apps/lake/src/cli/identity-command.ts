import { openSqliteCatalog, type SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import { ControlView } from "../control/control-view.ts";
import { DataKeys } from "../secrets/data-keys.ts";
import { openDataDirectory, ownMasterKey } from "../serve/data-directory.ts";
import { type CommandIo, type CommandValues, required } from "./command.ts";
import { type IdentityAction, identityActions } from "./identity-actions.ts";
import { openLake } from "./open-lake.ts";
import { masterKeySource } from "./master-key-options.ts";
import { roleActions } from "./role-actions.ts";

const actions: ReadonlyMap<string, IdentityAction> = new Map([...identityActions, ...roleActions]);

/** `identity ...` and `account ...`: work on the catalog directly, whether or not a lake serves it. */
export async function identityCommand(command: string, values: CommandValues, io: CommandIo): Promise<number> {
  const action = actions.get(command);
  if (!action) throw new Error(`no such command: ${command}`);
  const data = required(values, "data");
  const catalog = command === "identity create" ? await makeLake(data) : (await openLake(data)).catalog;
  try {
    const masterKey = masterKeySource(values, io.env) ?? ownMasterKey({ path: data });
    await action({
      catalog,
      values,
      masterKey,
      dataKeys: await DataKeys.open(catalog, masterKey),
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
