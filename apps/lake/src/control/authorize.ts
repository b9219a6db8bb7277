import { evaluateIdentity, requestContext } from "@tributary/policy";
import type { Tags } from "../catalog/control-catalog.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";

/** Throws AccessDeniedException 403 unless the caller's identity policies allow the action on the resource. */
export function authorize(
  call: Pick<ControlCall<unknown>, "caller" | "facts">,
  action: `cloudtrail:${string}`,
  resource: string,
  tags: { readonly resourceTags?: Tags | undefined; readonly requestTags?: Tags | undefined } = {},
): void {
  const context = requestContext({ ...call.facts, ...tags });
  const decision = evaluateIdentity({ caller: call.caller, action, resource, context });
  if (!decision.allowed) throw controlError("AccessDeniedException", decision.message);
}
