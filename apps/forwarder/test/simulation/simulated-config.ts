import { type Poll, secretFrom } from "@tributary/adapter-kit";
import { configSchema } from "../../src/config/config-schema.ts";
import type { IntegrationPlan } from "../../src/config/integration-plan.ts";
import type { LoadedConfig } from "../../src/config/loaded-config.ts";
import { withDefaults } from "../../src/config/with-defaults.ts";
import toy from "../support/toy-adapter.ts";
import { accounts } from "./issued.ts";

/** What a script changes in a configuration. */
export interface Variant {
  readonly destinations: readonly number[];
  readonly isPolled: boolean;
  readonly isPushed: boolean;
  readonly pauseAfter: number;
}

/** Secret of the webhooks. */
export const secret = "a-secret-of-the-webhook";

/** Of an integration's destination. */
export const arnOf = (integration: number, destination: number): string =>
  `arn:aws:cloudtrail:us-east-1:${accounts[destination]!}:channel/0c1d2e3f-0000-4000-8000-0000000000${integration}${destination}`;

export const pathOf = (integration: number): string => `/hooks/${integration}`;

const webhook = await toy.webhook!();
const { limits } = withDefaults(configSchema, { integrations: [] }) as { limits: LoadedConfig["limits"] };
const webhookOptions = { secrets: [secretFrom(secret)] };

/** @param onPush told of each request with the destinations of the plan that takes it */
export function planOf(
  integration: number,
  { destinations, isPolled, isPushed }: Variant,
  poll: Poll,
  onPush: (headers: Headers) => void,
): IntegrationPlan {
  return {
    name: `toy-${integration}`,
    adapter: toy,
    builtIn: true,
    options: undefined,
    destinations: destinations.map((destination) => ({
      name: `to-${destination}`,
      arn: arnOf(integration, destination),
      accountId: accounts[destination]!,
      region: "us-east-1",
      externalId: undefined,
      endpoint: undefined,
      fips: undefined,
      dualStack: undefined,
      ca: undefined,
      requestsPerSecond: 0,
    })),
    poll: isPolled ? { poll, options: {}, exclusive: "toy" } : undefined,
    webhook: isPushed
      ? {
          webhook: {
            options: webhook.options,
            receive: (request, host) => {
              onPush(request.headers);
              return webhook.receive(request, host);
            },
          },
          options: webhookOptions,
          path: pathOf(integration),
        }
      : undefined,
    files: undefined,
    syslog: undefined,
    bulk: undefined,
    s3: undefined,
    since: undefined,
    allowPrivate: [],
    onlyKnownNames: false,
    fingerprint: JSON.stringify({ destinations, isPolled, isPushed }),
  };
}

/** @param isShared whether several forwarders have the state */
export function configOf(
  integrations: readonly IntegrationPlan[],
  { pauseAfter }: Variant,
  isShared: boolean,
): LoadedConfig {
  return {
    file: "tributary.yaml",
    state: undefined,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only this is read by a daemon
    postgres: isShared ? ({ takeoverSeconds: 5 } as LoadedConfig["postgres"]) : undefined,
    keys: undefined,
    listen: undefined,
    syslog: [],
    telemetry: undefined as unknown as LoadedConfig["telemetry"],
    limits: { ...limits, parkSeconds: 1, pauseAfter },
    integrations,
    secrets: [],
  };
}
