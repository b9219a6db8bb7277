import { type Caller, type RequestFacts, evaluatePutAuditEvents, requestContext } from "@tributary/policy";
import type { ChannelRecord } from "../catalog/control-catalog.ts";
import type { ControlView } from "../control/control-view.ts";
import { WireError } from "../http/wire-error.ts";
import { channelOf } from "./channel-arn.ts";

/**
 * The channel a request may put events into. The owner's account learns that a channel is missing; any other gets the
 * same refusal as for a channel that does not grant it. Spec 1.3, 3.4, 3.5.
 * Throws InvalidChannelARN, ChannelNotFound, ChannelInsufficientPermission 400, AccessDeniedException 403.
 */
export function authorizePut(
  view: ControlView,
  caller: Caller,
  channelText: string,
  options: { readonly region: string; readonly externalIdMode: "gate" | "iam"; readonly facts: RequestFacts },
): ChannelRecord {
  const { arn, accountId } = channelOf(channelText, options.region, caller.accountId);
  const channel = view.state.channels.get(arn);
  if (!channel && accountId === caller.accountId)
    throw new WireError("ChannelNotFound", `There is no channel ${arn}.`, { status: 400 });
  const decision = evaluatePutAuditEvents({
    caller,
    channel: channel ?? { arn, accountId, tags: {} },
    policy: channel && view.channelPolicy(arn),
    context: requestContext(options.facts),
    externalIdMode: options.externalIdMode,
  });
  if (decision.allowed && channel) return channel;
  const by = decision.allowed ? "resource-policy" : decision.by;
  const message = decision.allowed ? `There is no channel ${arn}.` : decision.message;
  if (by === "identity-policy" || by === "explicit-deny")
    throw new WireError("AccessDeniedException", message, { status: 403 });
  throw new WireError("ChannelInsufficientPermission", message, { status: 400 });
}
