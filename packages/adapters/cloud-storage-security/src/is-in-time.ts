import { replayWindowSeconds } from "@tributary/adapter-kit/webhook";

/** SNS tries for an hour at most to deliver to HTTPS, and a message keeps the time it was published. */
const longestTriesSeconds = 3600;

/** Whether a message is one SNS may still be delivering, and not one kept to be sent again. */
export function isInTime({ timestamp }: { readonly timestamp: string }, now: number): boolean {
  const age = (now - Date.parse(timestamp)) / 1000;
  return age >= -replayWindowSeconds && age <= longestTriesSeconds + replayWindowSeconds;
}
