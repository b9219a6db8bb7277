import { TributaryError } from "@tributary/schema";
import type { AccessKey } from "../catalog/control-catalog.ts";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";

/**
 * Disables, enables or deletes an access key. What is signed with a disabled or deleted one is answered as with an unknown
 * one. Throws `ACCESS_KEY_NOT_FOUND`.
 */
export function changeAccessKey(
  view: ControlView,
  accessKeyId: string,
  to: "disabled" | "enabled" | "deleted",
): Decided<AccessKey> {
  const accessKey = view.state.accessKeys.get(accessKeyId);
  if (!accessKey)
    throw new TributaryError(
      `There is no access key ${accessKeyId.slice(0, 128)}. "identity list" shows those there are.`,
      { code: "ACCESS_KEY_NOT_FOUND" },
    );
  if (to === "deleted") return { changes: [{ kind: "deleteAccessKey", accessKeyId }], output: accessKey };
  const changed = { ...accessKey, enabled: to === "enabled" };
  return { changes: [{ kind: "putAccessKey", accessKey: changed }], output: changed };
}
