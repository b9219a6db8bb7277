import { TributaryError } from "@tributary/schema";

/** Where a query's results go: a bucket and the folders in it. */
export interface DeliveryPlace {
  readonly bucket: string;
  /** Folders from the bucket on; no segment is empty, begins with a dot or holds anything but `A-Z a-z 0-9 ! _ . * ' ( ) = -`. */
  readonly folders: readonly string[];
}

/**
 * Reads an `s3://BUCKET/PREFIX`. Throws `DELIVERY_URI_NOT_VALID` for a prefix that could not be a folder: S3 has no folders, and
 * takes more.
 */
export function deliveryPlace(s3Uri: string): DeliveryPlace {
  const match = /^s3:\/\/([a-z0-9][.\-a-z0-9]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(s3Uri);
  const [, bucket, prefix = ""] = match ?? [];
  const folders = prefix === "" ? [] : prefix.replace(/\/$/, "").split("/");
  if (
    bucket === undefined ||
    !folders.every((folder) => /^[A-Za-z0-9!_*'()=-][A-Za-z0-9!_.*'()=-]{0,199}$/.test(folder))
  )
    throw new TributaryError(
      `${JSON.stringify(s3Uri.slice(0, 200))} is not s3://BUCKET/PREFIX with a prefix of folders of A-Z a-z 0-9 ! _ . * ' ( ) = - that begin with no dot.`,
      { code: "DELIVERY_URI_NOT_VALID" },
    );
  return { bucket, folders };
}

/** The folders of one query's files below its prefix, as AWS names them. */
export function queryFolders(accountId: string, queryId: string, finishedAt: number): readonly string[] {
  const [year = "", month = "", day = ""] = new Date(finishedAt).toISOString().slice(0, 10).split("-");
  return ["AWSLogs", accountId, "CloudTrail-Lake", "Query", year, month, day, queryId];
}
