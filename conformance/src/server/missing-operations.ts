import { operations } from "@tributary/schema";
import type { Answer } from "../wire/answer.ts";
import type { Wire } from "../wire/wire.ts";

/** An operation that there is not. */
const none = "DescribeNothingAtAll";

/**
 * Operations of the contract that the subject answers as one that there is not. It is asked with empty requests, which make and delete
 * nothing. Where it answers even those with a success, nothing is said of it.
 */
export async function missingOperations(wire: Wire): Promise<readonly string[]> {
  const put = (path: string) =>
    wire.send(
      "cloudtrail-data",
      {
        method: "POST",
        target: `/${path}`,
        headers: [["Content-Type", "application/json"]],
        body: Buffer.from("{}"),
      },
      {},
    );
  const missing: string[] = [];
  const [noPath, noOperation] = [await put(none), await wire.call(none, {})];
  if (isSame(await put("PutAuditEvents"), noPath)) missing.push("PutAuditEvents");
  for (const operation of Object.keys(operations))
    if (isSame(await wire.call(operation, {}), noOperation)) missing.push(operation);
  return missing;
}

/** A refusal of the caller says nothing of the operation. */
function isSame(answer: Answer, toNone: Answer): boolean {
  const isAuthentication = answer.status === 401 || answer.status === 403;
  return answer.status >= 400 && !isAuthentication && answer.status === toNone.status && answer.code === toNone.code;
}
