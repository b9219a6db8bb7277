/** Facts of the intake, written to the spool before the adapter runs: mapping again after a crash sees the same ones. */
export interface Origin {
  readonly receivedAt: string; // RFC 3339, UTC: the receipt of a push, the first sight of a file
  readonly occurrence: number; // byte-identical records earlier in this stream: 0, 1, ... (for ids of lines without id)
  readonly header?: { readonly time?: string; readonly host?: string; readonly app?: string } | undefined; // syslog
  readonly peer?: string | undefined; // who sent it, where a network connection tells: an IP address
}
