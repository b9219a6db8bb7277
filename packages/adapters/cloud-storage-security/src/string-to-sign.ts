import { valueAt } from "@tributary/adapter-kit";

const notification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const handshake = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

/**
 * The string SNS signs: name and value of the members of a message's type, in the order of their names, each on a line of its
 * own. A notification has a Subject only where it was published with one. Undefined where a member is missing or is
 * no text, and where another than Message has more than one line.
 */
export function stringToSign(type: string, message: unknown): string | undefined {
  const lines: string[] = [];
  for (const member of type === "Notification" ? notification : handshake) {
    const value = valueAt(message, member);
    if (member === "Subject" && (value === undefined || value === null)) continue;
    if (typeof value !== "string") return undefined;
    // Only Message has lines of its own: a line within another member could be one that was moved out of it.
    if (member !== "Message" && /[\r\n]/.test(value)) return undefined;
    lines.push(member, value);
  }
  return `${lines.join("\n")}\n`;
}
