/** Where the records of a run are. Promise 1: read = delivered + alreadyDelivered + changed + dead + dropped + queued. */
export interface Tally {
  /** After `split`; records that an earlier run left queued are in it. */
  read: number;
  delivered: number;
  alreadyDelivered: number;
  /** Their id was delivered before with other bytes: not sent again unless asked. */
  changed: number;
  dead: number;
  dropped: number;
  queued: number;
}

export function emptyTally(): Tally {
  return { read: 0, delivered: 0, alreadyDelivered: 0, changed: 0, dead: 0, dropped: 0, queued: 0 };
}

export function isBalanced(tally: Tally): boolean {
  const { read, delivered, alreadyDelivered, changed, dead, dropped, queued } = tally;
  return read === delivered + alreadyDelivered + changed + dead + dropped + queued;
}
