/** What the author says of the vendor. */
export interface Identity {
  /** Of the adapter: lower case letters, digits, hyphens. */
  readonly name: string;
  readonly displayName: string;
  /** A row of the table of sources, or Custom. */
  readonly source: string;
}
