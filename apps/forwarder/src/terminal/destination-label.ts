/** What an integration is called where there is one line for each place that it goes to: `okta`, or `okta/archive`. */
export function destinationLabel(integration: string, destination: string): string {
  const name = integration === "" ? "tributary forward" : integration;
  return destination === "" ? name : `${name}/${destination}`;
}
