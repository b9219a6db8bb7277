import { StateKeys } from "../state/state-keys.ts";

/**
 * The keys of the state in `$TRIBUTARY_STATE_KEY`, for commands without a configuration: base64, the one that seals first, and former
 * ones behind commas. Undefined without it. Throws `STATE_KEY_INVALID`.
 */
export function stateKeys(env: NodeJS.ProcessEnv): StateKeys | undefined {
  const [first, ...former] = (env["TRIBUTARY_STATE_KEY"] ?? "").split(",").filter((key) => key.trim() !== "");
  return first === undefined ? undefined : new StateKeys([first, ...former]);
}
