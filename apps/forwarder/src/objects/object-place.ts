/** How far an object was read. True only together with the records it covers: both are in one commit. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly etag?: string | undefined;
  /** After the last record that was read, in bytes after decompression. */
  readonly position: number;
  /** `done`: read to its end. `gone`: it was not there any more. `failed`: tried again at times. `reading`: a process has begun. */
  readonly state: "reading" | "done" | "gone" | "failed";
  /** ms since 1970, of the object. */
  readonly modifiedAt: number;
  /** ms since 1970, of the place. */
  readonly at: number;
  /** What keeps it from being read. */
  readonly code?: string | undefined;
}

/** How far a bucket was listed. */
export interface ListingPlace {
  /** Within a pass over all keys: the last one that is dealt with. */
  readonly after?: string | undefined;
  /** ms since 1970, of the pass. */
  readonly startedAt?: number | undefined;
  /** The greatest key that is dealt with. */
  readonly last?: string | undefined;
  /** ms since 1970: what was modified before is dealt with. */
  readonly floor: number;
  /** ms since 1970, of the next pass over all keys. */
  readonly fullAt: number;
}
