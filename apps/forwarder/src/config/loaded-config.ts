import type { LimitsConfig, ListenConfig } from "./config-schema.ts";
import type { StateKeys } from "../state/state-keys.ts";
import type { SyslogListenerConfig } from "./syslog-schema.ts";
import type { PostgresPlace } from "../state/postgres-connection.ts";
import type { TelemetryConfig } from "./telemetry-schema.ts";
import type { IntegrationPlan } from "./integration-plan.ts";

/** A configuration that can be run. */
export interface LoadedConfig {
  readonly file: string;
  /** As `--state` takes it, made absolute; undefined: the environment says. */
  readonly state: string | undefined;
  /** Where the state is in PostgreSQL. */
  readonly postgres: (PostgresPlace & { readonly takeoverSeconds: number }) | undefined;
  /** Keys of the state; undefined: it is not sealed. */
  readonly keys: StateKeys | undefined;
  readonly listen: ListenConfig | undefined;
  /** Its files are absolute paths. */
  readonly syslog: readonly SyslogListenerConfig[];
  readonly telemetry: TelemetryConfig;
  readonly limits: LimitsConfig;
  readonly integrations: readonly IntegrationPlan[];
  /** The texts of all secrets, so that nothing shows one. */
  readonly secrets: readonly string[];
}
