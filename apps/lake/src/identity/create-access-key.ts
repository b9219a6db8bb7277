import { TributaryError } from "@tributary/schema";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { findIdentity } from "./find-identity.ts";
import { type KeyEnvironment, type NewAccessKey, newAccessKey } from "./new-access-key.ts";

/** As many as AWS allows: one in use and one to change over to. Disabled ones count. */
const keysPerIdentity = 2;

/** Gives a user another access key, to change over to. Throws `ACCESS_KEY_LIMIT`, `IDENTITY_NOT_FOUND`. */
export function createAccessKey(
  view: ControlView,
  input: { readonly accountId: string; readonly name: string },
  env: KeyEnvironment,
): Decided<NewAccessKey> {
  const { arn } = findIdentity(view, input);
  const own = [...view.state.accessKeys.values()].filter((key) => key.identityArn === arn);
  if (own.length >= keysPerIdentity)
    throw new TributaryError(
      `${arn} has ${own.length} access keys, which is the most: ${own.map((key) => key.accessKeyId).join(", ")}. Delete one first, with "identity key delete".`,
      { code: "ACCESS_KEY_LIMIT" },
    );
  const made = newAccessKey(view, arn, env);
  return { changes: [{ kind: "putAccessKey", accessKey: made.accessKey }], output: made };
}
