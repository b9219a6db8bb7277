import type { Check } from "../core/check.ts";
import { callChecks } from "./call-checks.ts";
import { faultChecks } from "./fault-checks.ts";
import type { ShipperWorld } from "./shipper-world.ts";

/** The profile `shipper`: spec 8, and the defects that shippers have. */
export const shipperChecks: readonly Check<ShipperWorld>[] = [...callChecks, ...faultChecks];
