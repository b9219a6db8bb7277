import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import { readHeadKey } from "./head-keys.ts";
import { HeadSigner } from "./head-signer.ts";

export interface HeadSigning {
  /** Of an Ed25519 private key, PEM, outside of the data directory. */
  readonly keyFile: string;
  /** Where the records go. Default `signed-heads` in the data directory. */
  readonly directory?: string | undefined;
}

/** Begins to sign the heads of a lake, `data` being its directory. Throws `HEAD_KEY_NOT_VALID`, and what the file system throws. */
export async function openHeadSigner(
  { keyFile, directory: given }: HeadSigning,
  data: string,
  services: {
    readonly catalog: Pick<Catalog, "storeHeads" | "readCommits" | "purges">;
    readonly clock: Clock;
    readonly log: (entry: Readonly<Record<string, unknown>>) => void;
  },
): Promise<HeadSigner> {
  const key = readHeadKey(keyFile, data);
  const directory = given ?? join(data, "signed-heads");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const signer = new HeadSigner({ ...services, key, records: await openDirectoryObjects({ directory }) });
  await signer.tick();
  return signer;
}
