/** Whether a base URL is one of AWS's own, as a FIPS or a VPC endpoint is. @param endpoint an http or https URL */
export function isAwsHost(endpoint: string): boolean {
  const host = URL.parse(endpoint)?.hostname ?? "";
  return /\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/.test(host);
}
