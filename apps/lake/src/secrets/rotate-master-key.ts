import type { ControlCatalog, ControlChange, ControlState } from "../catalog/control-catalog.ts";
import { TributaryError } from "@tributary/schema";
import { DataKey } from "./data-key.ts";
import type { DataKeys } from "./data-keys.ts";
import { type MasterKeySource, lockMasterKey, makeNextMasterKey, promoteNext, readMasterKeys } from "./master-key.ts";

export interface RotateOptions {
  /** The master key in use. */
  readonly source: MasterKeySource;
  /** The one to change to; without it the file of `source` gets a new one. */
  readonly to?: MasterKeySource | undefined;
  /** Makes a new data key too and seals every secret by it. Sessions and NextTokens end. */
  readonly newDataKey: boolean;
}

/**
 * Changes the master key, while lakes serve. The new key is on disk before the catalog is changed, in one transaction, and takes
 * the old one's place after it: a crash between leaves both, and the next opening finishes. Throws `MASTER_KEY_NOT_IN_FILE`,
 * `CONTROL_CONTENTION` (retryable), and as {@link readMasterKeys} does.
 */
export async function rotateMasterKey(
  catalog: Pick<ControlCatalog, "readControl" | "changeControl">,
  dataKeys: Pick<DataKeys, "of">,
  { source, to, newDataKey }: RotateOptions,
): Promise<void> {
  if (to === undefined && source.kind === "value")
    throw new TributaryError(
      "The master key is a value of the environment, which cannot be changed from here. Name a file with the new one by --new-master-key-file, then start the lake with that.",
      { code: "MASTER_KEY_NOT_IN_FILE" },
    );
  // Two at once would overwrite each other's next key.
  const unlock = to === undefined && source.kind === "file" ? lockMasterKey(source.path) : undefined;
  try {
    // Opens, and so finishes, a change that was cut short: its next key must not be overwritten.
    dataKeys.of(await catalog.readControl());
    const masterKey =
      to || source.kind !== "file" ? readMasterKeys(to ?? source)[0]!.key : makeNextMasterKey(source.path);
    for (let attempt = 0; attempt < 100; attempt++) {
      const state = await catalog.readControl();
      const changes = changesFor(state, dataKeys.of(state), masterKey, newDataKey);
      const { kind } = await catalog.changeControl(state.generation, changes);
      if (kind === "moved") continue;
      if (to === undefined && source.kind === "file") promoteNext(source.path);
      return;
    }
  } finally {
    unlock?.();
  }
  throw new TributaryError("Other changes of the control state kept coming first. Try again.", {
    code: "CONTROL_CONTENTION",
    retryable: true,
  });
}

function changesFor(
  state: ControlState,
  before: DataKey,
  masterKey: Uint8Array,
  newDataKey: boolean,
): readonly ControlChange[] {
  if (!newDataKey) return [{ kind: "putDataKey", sealedDataKey: before.sealedBy(masterKey) }];
  const after = DataKey.random();
  const keys = [...state.accessKeys.values()].map((accessKey): ControlChange => {
    const { accessKeyId, sealedSecret } = accessKey;
    const secret = before.open("access-key-secret", accessKeyId, sealedSecret);
    if (secret === undefined)
      throw new TributaryError(`The secret of the access key ${accessKeyId} does not open: delete the key first.`, {
        code: "ACCESS_KEY_DAMAGED",
      });
    return {
      kind: "putAccessKey",
      accessKey: { ...accessKey, sealedSecret: after.seal("access-key-secret", accessKeyId, secret) },
    };
  });
  return [
    { kind: "putDataKey", sealedDataKey: after.sealedBy(masterKey) },
    ...keys,
    ...signingKeyChanges(state, before, after),
  ];
}

function signingKeyChanges({ signingKey }: ControlState, before: DataKey, after: DataKey): readonly ControlChange[] {
  if (signingKey === undefined) return [];
  const { fingerprint, sealedPrivateKey } = signingKey;
  const plain = before.open("signing-key", fingerprint, sealedPrivateKey);
  if (plain === undefined)
    throw new TributaryError("The key that signs deliveries does not open: restore the catalog from a backup.", {
      code: "SIGNING_KEY_DAMAGED",
    });
  return [
    {
      kind: "putSigningKey",
      signingKey: { ...signingKey, sealedPrivateKey: after.seal("signing-key", fingerprint, plain) },
    },
  ];
}
