import { valueAt } from "@tributary/adapter-kit";

const notification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const handshake = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

/**
 * The string SNS signs: name and value of the members of a message's type, in the order of their names, each on a line of its
 * own. A notification has a Subject only where it was published with one. Undefined where a member is missing or is no text.
 */
export function stringToSign(type: string, message: unknown): string | undefined {
  const lines: string[] = [];
  for (const member of type === "Notification" ? notification : handshake) {
    const value = valueAt(message, member);
    if (member === "Subject" && (value === undefined || value === null)) continue;
    if (typeof value !== "string") return undefined;
    lines.push(member, value);
  }
  return `${lines.join("\n")}\n`;
}
