import { checkShape, shapeMessage } from "@tributary/schema";
import { serializationError } from "../http/wire-error.ts";
import { controlError } from "./control-error.ts";
import type { Operation } from "./operation.ts";

/**
 * Checks an input against the model's constraints. A member of the wrong JSON type throws SerializationException; one that
 * breaks a constraint the operation's own error for that member, else InvalidParameterException. Spec 2.1.
 */
export function checkInput(operation: Operation, input: Readonly<Record<string, unknown>>): void {
  const problems = checkShape(operation.input, input);
  const [first] = problems;
  if (!first) return;
  const message = shapeMessage(problems).slice(0, 2000);
  if (problems.some(({ constraint }) => constraint === "type")) throw serializationError(message);
  const member = first.path.split("/", 2)[1] ?? "";
  throw controlError(operation.invalid?.[member] ?? "InvalidParameterException", message);
}
