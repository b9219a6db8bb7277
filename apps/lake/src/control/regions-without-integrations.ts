/** Regions in which AWS offers no integrations: channels and PutAuditEvents are refused there. Spec section 7, row 31. */
export const regionsWithoutIntegrations: ReadonlySet<string> = new Set(["me-central-1"]);
