import { checkShape, shapeMessage } from "@tributary/schema";
import { serializationError } from "../http/wire-error.ts";
import { controlError } from "./control-error.ts";
import type { Operation } from "./operation.ts";

/**
 * Checks an input against the model's constraints. A member of the wrong JSON type, or half of a surrogate pair anywhere,
 * throws SerializationException; a member that breaks a constraint throws the operation's own error for it, else
 * InvalidParameterException. Spec 2.1.
 */
export function checkInput(operation: Operation, input: Readonly<Record<string, unknown>>): void {
  if (!isWellFormed(input)) throw serializationError("The request body has half of a surrogate pair in a string.");
  const problems = checkShape(operation.input, input);
  const [first] = problems;
  if (!first) return;
  const message = shapeMessage(problems).slice(0, 2000);
  if (problems.some(({ constraint }) => constraint === "type")) throw serializationError(message);
  const member = first.path.split("/", 2)[1] ?? "";
  throw controlError(operation.invalid?.[member] ?? "InvalidParameterException", message);
}

const loneSurrogate = /\p{Surrogate}/u;

/** Whether every string and name in it is Unicode text. Without recursion: input nests as deep as it likes. */
function isWellFormed(input: unknown): boolean {
  const left = [input];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string" && loneSurrogate.test(value)) return false;
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) for (const item of value) left.push(item);
    else for (const pair of Object.entries(value)) left.push(...pair);
  }
  return true;
}
