/** Who acts in every notification: no person is named in what is known of them. */
export const theConsole = { type: "Application", principalId: "CloudStorageSecurityConsole" } as const;
