import type { MasterKeySource } from "../secrets/master-key.ts";
import type { CommandIo, CommandValues } from "./command.ts";

/** Where the command line or the environment says the master key is; undefined for the data directory's own. */
export function masterKeySource(values: CommandValues, env: CommandIo["env"]): MasterKeySource | undefined {
  const path = values["master-key-file"] ?? env["TRIBUTARY_LAKE_MASTER_KEY_FILE"];
  if (path !== undefined && path !== "") return { kind: "file", path, own: false };
  const text = env["TRIBUTARY_LAKE_MASTER_KEY"];
  return text === undefined || text === "" ? undefined : { kind: "value", text };
}
