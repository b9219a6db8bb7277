import type { CareWork, Deaths } from "./deaths.ts";

/** What `serve` tells its care process. */
export interface CareRequest {
  readonly kind: "hasten" | "close";
  readonly storeId?: string;
}

/** What the care process tells: that it is at work, on what, and entries for the log. */
export type CareReply =
  | { readonly kind: "ready" }
  | { readonly kind: "begin"; readonly work: CareWork }
  | { readonly kind: "end"; readonly of: CareWork["kind"] }
  | { readonly kind: "log"; readonly entry: Readonly<Record<string, unknown>> };

/** How the care process is started, as JSON in its one argument. */
export interface CareArguments {
  /** The data directory. */
  readonly data: string;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly deaths: Deaths;
  /** How long removed files stay after their removal was published. */
  readonly removedFileMs: number;
  /** A planted bug for fault tests, which must then fail. */
  readonly keepDuplicates: boolean;
  /** Only for fault tests: what waits for its time does not. */
  readonly hasty: boolean;
  /** A planted fault: the process dies when it is to parse an event with this text. */
  readonly killedByText?: string | undefined;
}
