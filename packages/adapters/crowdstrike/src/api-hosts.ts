/** The API's host in each Falcon cloud. Feeds are on other hosts of the same domain. */
export const apiHosts = {
  "us-1": "api.crowdstrike.com",
  "us-2": "api.us-2.crowdstrike.com",
  "eu-1": "api.eu-1.crowdstrike.com",
  "us-gov-1": "api.laggar.gcw.crowdstrike.com",
  "us-gov-2": "api.us-gov-2.crowdstrike.mil",
} as const;

export type Region = keyof typeof apiHosts;
