import { controlError } from "./control-error.ts";

/** The members of a store's Create and Update that an activity store cannot have. */
interface StoreSettings {
  readonly MultiRegionEnabled?: boolean | null | undefined;
  readonly OrganizationEnabled?: boolean | null | undefined;
  readonly KmsKeyId?: string | null | undefined;
}

/**
 * Refuses what a store of activity events cannot be. Throws InvalidParameterException for all regions or an organization,
 * KmsKeyNotFoundException for a key: the lake has no provider of any. Spec 2.4.
 */
export function checkActivityStore({ MultiRegionEnabled, OrganizationEnabled, KmsKeyId }: StoreSettings): void {
  if (MultiRegionEnabled === true)
    throw controlError(
      "InvalidParameterException",
      "A store of ActivityAuditLog events is of one region: set MultiRegionEnabled to false.",
    );
  if (OrganizationEnabled === true)
    throw controlError(
      "InvalidParameterException",
      "A store of ActivityAuditLog events is of one account: set OrganizationEnabled to false.",
    );
  if (typeof KmsKeyId === "string")
    throw controlError("KmsKeyNotFoundException", "This lake has no key management service: leave KmsKeyId out.");
}
