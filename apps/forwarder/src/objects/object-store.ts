/** An object of a bucket, as a notice or a listing names it. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  /** Without quotation marks. */
  readonly etag?: string | undefined;
}

export interface ListedObject extends ObjectRef {
  readonly size: number;
  /** ms since 1970. */
  readonly modifiedAt: number;
}

export interface OpenObject {
  /** What was opened: its version or its etag. */
  readonly ref: ObjectRef;
  readonly modifiedAt: number;
  /** The object's bytes, once. A connection that breaks is taken up where it broke. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Lets go of an object that is not read. */
  close(): void;
}

/** Buckets, as the reader needs them. Throws `OBJECT_GONE`, `OBJECT_FORBIDDEN`, and `S3_FAILED` (retryable) for everything else. */
export interface ObjectStore {
  /** Up to 1,000 objects after a key, in the order of their keys. */
  list(
    place: { readonly bucket: string; readonly prefix: string; readonly after: string | undefined },
    signal: AbortSignal,
  ): Promise<{
    readonly objects: readonly ListedObject[];
    readonly isLast: boolean;
    readonly lastKey: string | undefined;
  }>;
  open(ref: ObjectRef, signal: AbortSignal): Promise<OpenObject>;
  close(): void;
}

/** Names one content of one key: two that are equal are the same bytes. */
export function objectId({ bucket, key, versionId, etag }: ObjectRef): string {
  const content = versionId === undefined || versionId === "null" ? etag : versionId;
  return `s3://${bucket}/${key}\n${content ?? ""}`;
}

export const objectName = ({ bucket, key }: ObjectRef): string => `s3://${bucket}/${key}`;
