import { existsSync } from "node:fs";
import { TributaryError } from "@tributary/schema";
import type { ControlCatalog, ControlState } from "../catalog/control-catalog.ts";
import { DataKey } from "./data-key.ts";
import { type MasterKeySource, makeMasterKey, promoteNext, readMasterKeys } from "./master-key.ts";

/** The data key of each control state. A change of the master key or of the data key by another process is followed. */
export class DataKeys {
  readonly #source: MasterKeySource;
  #last: { readonly sealed: string; readonly key: DataKey } | undefined;

  private constructor(source: MasterKeySource) {
    this.#source = source;
  }

  /**
   * Opens the catalog's data key, or makes one, and the master key file where it is the data directory's own.
   * Throws `MASTER_KEY_MISSING`, `MASTER_KEY_WRONG`, `MASTER_KEY_NOT_VALID`; then nothing was changed.
   */
  static async open(
    catalog: Pick<ControlCatalog, "readControl" | "changeControl">,
    source: MasterKeySource,
  ): Promise<DataKeys> {
    const keys = new DataKeys(source);
    for (;;) {
      const state = await catalog.readControl();
      if (state.sealedDataKey !== undefined) {
        keys.of(state);
        return keys;
      }
      if (source.kind === "file" && source.own && !existsSync(source.path)) makeMasterKey(source.path);
      const sealedDataKey = DataKey.random().sealedBy(readMasterKeys(source)[0]!.key);
      await catalog.changeControl(state.generation, [{ kind: "putDataKey", sealedDataKey }]);
    }
  }

  /** Of a catalog that another process has opened: it has a data key. */
  static follow(source: MasterKeySource): DataKeys {
    return new DataKeys(source);
  }

  /** Throws `MASTER_KEY_WRONG` when the master key is not the one that sealed the data key, and as reading it does. */
  of({ sealedDataKey: sealed }: Pick<ControlState, "sealedDataKey">): DataKey {
    if (sealed !== undefined && this.#last?.sealed === sealed) return this.#last.key;
    const source = this.#source;
    for (const { key: masterKey, next } of sealed === undefined ? [] : readMasterKeys(source)) {
      const key = DataKey.open(sealed!, masterKey);
      if (!key) continue;
      // A change of keys was cut short after the catalog had it.
      if (next && source.kind === "file") promoteNext(source.path);
      this.#last = { sealed: sealed!, key };
      return key;
    }
    throw new TributaryError(
      "The master key is not the one that this lake's secrets are sealed with. Name the right one with --master-key-file or TRIBUTARY_LAKE_MASTER_KEY; nothing was changed.",
      { code: "MASTER_KEY_WRONG" },
    );
  }
}
