import {
  compact,
  isObject,
  readUtcSeconds,
  Refused,
  taking,
  textAt,
  utcSeconds,
  valueAt,
} from "@tributary/adapter-kit";
import type { EventData, Json, JsonObject, Origin } from "@tributary/adapter-kit";
import type { Static } from "@sinclair/typebox";
import type { GithubOptions } from "./options.ts";
import { webhookName } from "./webhook-name.ts";
import { webhookTime } from "./webhook-time.ts";

const payloadPath = ["request", "payload"] as const;

/**
 * The event of a webhook delivery, in the form in which GitHub's own API shows one: `guid`, `event`, `delivered_at` and
 * `request.payload`. Throws {@link Refused} `WEBHOOK_PAYLOAD` where neither a name is given nor the payload tells it,
 * `TIME_MISSING` where nothing says when.
 */
export function webhookEvent(
  record: unknown,
  {
    id,
    origin,
    options,
  }: { readonly id: string; readonly origin: Origin; readonly options: Static<typeof GithubOptions> },
): EventData {
  const name = webhookName(record);
  if (name === undefined)
    throw new Refused(
      "WEBHOOK_PAYLOAD",
      "This webhook payload does not tell its event, which stands in the header X-GitHub-Event alone: wrap it as the README of the adapter shows.",
      "/request/payload",
    );
  const take = taking(record);
  const payload = valueAt(record, ...payloadPath);
  const action = textAt(payload, "action");
  const happened = webhookTime(name, action, payload) ?? readUtcSeconds(valueAt(record, "delivered_at"));
  if (happened === undefined && options.undatedWebhooks === "refuse")
    throw new Refused(
      "TIME_MISSING",
      'The webhook payload does not say when it happened; with the option {"undatedWebhooks": "received"} its receipt counts.',
      "/delivered_at",
    );
  const guid = take.text("guid");
  const senderId = take.text(...payloadPath, "sender", "id");
  const login = take.text(...payloadPath, "sender", "login");
  const who = senderId ?? login ?? textAt(payload, "pusher", "name");
  const type = take.text(...payloadPath, "sender", "type") ?? (who === undefined ? "Unknown" : "User");
  const { request, ...delivery } = asObject(take.rest());
  const { payload: left, ...others } = asObject(request);
  const requestParameters = compact(asObject(left));
  return {
    version: "1",
    userIdentity: {
      type,
      principalId: who ?? "unknown",
      details: compact({
        actor: login,
        actor_id: senderId,
        GitHubOrganization: textAt(payload, "organization", "login"),
        Repository: textAt(payload, "repository", "full_name"),
      }),
    },
    eventSource: "github.webhook",
    eventName: action === undefined ? name : `${name}.${action}`,
    eventTime: happened ?? utcSeconds(origin.receivedAt),
    UID: guid ?? id,
    requestParameters,
    additionalEventData: compact({
      ...delivery,
      request: compact(requestParameters === undefined ? asObject(request) : others),
      ...(happened === undefined ? { receivedAt: origin.receivedAt } : {}),
    }),
  };
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
