import type { LimitsConfig } from "../config/config-schema.ts";
import type { DestinationPlan } from "../config/destination-plan.ts";
import type { BackOff } from "../delivery/back-off.ts";
import type { Sender } from "../delivery/sender.ts";
import type { VendorNetworkOptions } from "../network/vendor-network.ts";
import type { MemoryRoom } from "../pipeline/memory-room.ts";
import type { StateDatabase } from "../state/state-database.ts";
import type { Tracing } from "../telemetry/open-tracing.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import type { TroublesWorld } from "./troubles.ts";

/** The world that all integrations of a process share. */
export interface IntegrationWorld extends TroublesWorld {
  readonly database: StateDatabase;
  readonly tracing?: Pick<Tracing, "of"> | undefined;
  readonly limits: LimitsConfig;
  readonly openSender: (destination: DestinationPlan) => Promise<Sender>;
  /** Memory that their deliveries share; no bound for all of them together when left out. */
  readonly room?: MemoryRoom | undefined;
  readonly backOff?: BackOff | undefined;
  /** Live sources stay off: only what the state asks for is read again. */
  readonly backfillsOnly?: boolean | undefined;
  readonly network?: Partial<VendorNetworkOptions> | undefined;
  /** Where several forwarders share the state: an integration is held when this says so. Else it is held from its start on. */
  readonly leases?: Pick<LeaseKeeper, "sure" | "check"> | undefined;
}
