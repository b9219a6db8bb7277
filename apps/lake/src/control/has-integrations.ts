/**
 * Whether integrations are offered in a region: in AWS's commercial regions without me-central-1, so not in those of its other
 * partitions, whose ARNs begin otherwise. A region of the host's own is as a commercial one. Spec 1.3, 5 and section 7, row 31.
 */
export function hasIntegrations(region: string): boolean {
  return region !== "me-central-1" && !/^(?:cn-|us-gov-|[a-z]{2}-iso[a-z]*-)/.test(region);
}
