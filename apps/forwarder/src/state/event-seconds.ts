/**
 * The top-level `eventTime` of an event's text, in seconds since 1970, without parsing the rest: 0 where there is none.
 * Only the ledger's key uses it, so that neighbours in time are neighbours in the table.
 */
export function eventSeconds(eventData: string): number {
  let depth = 0;
  for (let at = 0; at < eventData.length; at++) {
    const code = eventData.charCodeAt(at);
    if (code === 0x22) {
      const end = closingQuote(eventData, at + 1);
      if (depth === 1 && end - at === 10 && eventData.startsWith("eventTime", at + 1)) {
        const value = /^\s*:\s*"([^"\\]{1,40})"/.exec(eventData.slice(end + 1, end + 80));
        if (value) return secondsOf(value[1]!);
      }
      at = end;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return 0;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0) {
    let escapes = 0;
    for (let back = at - 1; back >= from && text.charCodeAt(back) === 0x5c; back--) escapes++;
    if (escapes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}

function secondsOf(time: string): number {
  const zoned = time.endsWith("Z") ? time : `${time}Z`;
  const seconds = Math.floor(Date.parse(zoned) / 1000);
  return Number.isFinite(seconds) && seconds >= 0 && seconds <= 0xffff_ffff ? seconds : 0;
}
