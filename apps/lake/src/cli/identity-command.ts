import { existsSync } from "node:fs";
import { TributaryError } from "@tributary/schema";
import { openSqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import { ControlView } from "../control/control-view.ts";
import { openDataDirectory } from "../serve/data-directory.ts";
import { type CommandIo, type CommandValues, required } from "./command.ts";
import { type IdentityAction, identityActions } from "./identity-actions.ts";

/** `identity ...` and `account ...`: work on the catalog directly, whether or not a lake serves it. */
export async function identityCommand(command: string, values: CommandValues, io: CommandIo): Promise<number> {
  const action: IdentityAction | undefined = identityActions.get(command);
  if (!action) throw new Error(`no such command: ${command}`);
  const directory = openDataDirectory(required(values, "data"));
  if (command !== "identity create" && !existsSync(directory.catalogFile))
    throw new TributaryError(`There is no lake in ${directory.path}. "identity create" or "serve" makes one.`, {
      code: "LAKE_NOT_FOUND",
    });
  const catalog = await openSqliteCatalog({ file: directory.catalogFile, clock: systemClock });
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
