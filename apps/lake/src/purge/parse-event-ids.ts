import { TributaryError } from "@tributary/schema";

/** Of one order. */
export const maxEventIds = 100_000;

/** The eventIDs of a file: one a line, blank lines left out. Throws `EVENT_IDS_NOT_VALID`, which names the line. */
export function parseEventIds(text: string, name: string): readonly string[] {
  const eventIds = new Set<string>();
  for (const [index, line] of text.split("\n").entries()) {
    const eventId = line.trim();
    if (eventId === "") continue;
    if (!/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(eventId))
      throw notValid(
        `${name}, line ${index + 1}: ${JSON.stringify(eventId.slice(0, 40))} is no eventID, which is a lower-case UUID.`,
      );
    eventIds.add(eventId);
  }
  if (eventIds.size === 0) throw notValid(`${name} holds no eventID. Write one a line.`);
  if (eventIds.size > maxEventIds)
    throw notValid(`${name} holds ${eventIds.size} eventIDs; give at most ${maxEventIds} at once.`);
  return [...eventIds];
}

function notValid(message: string): TributaryError {
  return new TributaryError(message, { code: "EVENT_IDS_NOT_VALID" });
}
