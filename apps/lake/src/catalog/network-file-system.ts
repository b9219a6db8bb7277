import { statfsSync } from "node:fs";
import { TributaryError } from "@tributary/schema";

/** `f_type` of statfs(2) for file systems whose locks or syncs SQLite cannot rely on; `linux/magic.h`. */
const network: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x01021997, "9p"],
  [0x73757245, "Coda"],
  [0x0bd00bd0, "Lustre"],
  [0x01161970, "GFS2"],
  [0x7461636f, "OCFS2"],
]);

/** The name of a network file system by its `f_type`; undefined for any other. */
export function networkFileSystem(type: number): string | undefined {
  return network.get(type >>> 0);
}

/** Throws `DATA_DIRECTORY_ON_NETWORK` when `directory` lies on a network file system. Other systems than Linux have no such numbers. */
export function refuseNetworkFileSystem(
  directory: string,
  typeOf: (path: string) => number = (path) => statfsSync(path).type,
): void {
  if (process.platform !== "linux") return;
  const name = networkFileSystem(typeOf(directory));
  if (name === undefined) return;
  throw new TributaryError(
    `The data directory ${directory} is on a network file system (${name}), where committed events could be lost; use a local disk.`,
    {
      code: "DATA_DIRECTORY_ON_NETWORK",
    },
  );
}
