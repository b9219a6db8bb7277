/** Where one run of a shipper ships to, and from. */
export interface ShipperSetting {
  readonly endpoint: string;
  readonly region: string;
  readonly channelArn: string;
  readonly externalId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** A file of records, one a line. */
  readonly records: string;
  /** A directory that lives as long as a scenario: what a run keeps for the next one. */
  readonly state: string;
}

/** How a run ended. */
export interface ShipperRun {
  /** null: killed. */
  readonly exitCode: number | null;
  /** It was still running when its time was over, and was ended. */
  readonly timedOut: boolean;
}

/** A shipper under test: reads records, calls PutAuditEvents, ends when it has nothing left to do. */
export interface ShipperSubject {
  /** For reports. */
  readonly name: string;
  /**
   * Runs it once. @param kill when this aborts, the run is killed without a chance to tidy up
   * @param timeoutMs after it the run is ended
   */
  readonly run: (
    setting: ShipperSetting,
    options: { readonly kill?: AbortSignal; readonly timeoutMs: number },
  ) => Promise<ShipperRun>;
}
