import { textAt } from "@tributary/adapter-kit";

/** Whether an answer says that the account has used up its calls of the hour: seen as 400 "rate_limit_exceeded". */
export function isLimited(answer: unknown): boolean {
  const message = textAt(answer, "status", "message") ?? "";
  return textAt(answer, "status", "code") === "429" || /^rate.limit/i.test(message);
}
