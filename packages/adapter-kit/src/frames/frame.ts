/** The bytes of one record, or of one body that holds several, as they stood in their source. */
export interface Frame {
  /** What `mapFrame` takes: without line end; of CSV the header row, a line feed and the row; the beginning only if `tooLong`. */
  readonly bytes: Uint8Array;
  /** Bytes of the source before the record. */
  readonly offset: number;
  /** Bytes of the source up to and with the record and its line end: reading may go on here. */
  readonly end: number;
  /** The record is longer than the limit; it was skipped, not held. */
  readonly tooLong?: true;
  /** The source ended within the record: syslog that counts its bytes told of more. */
  readonly unfinished?: true;
}

/** Cuts a source into frames, chunk by chunk. How the bytes are chunked makes no difference. Holds one record at most. */
export interface Framer {
  /** The frames that end in this chunk. The chunk must not change afterwards: frames may be views of it. */
  push(chunk: Uint8Array): readonly Frame[];
  /** What is left when the source has ended. */
  end(): readonly Frame[];
}

/** Longest record that is held, 16 MiB, where nothing else is said. */
export const defaultMaxFrameBytes = 16 * 1024 * 1024;
