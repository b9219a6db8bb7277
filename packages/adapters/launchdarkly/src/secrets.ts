/** Keys of SDKs and of relay proxies in the versions of environments and configurations. `token`, `secret`, `apiKey` are the kit's. */
export const secrets: readonly string[] = ["fullKey", "mobileKey", "sdkKey"];
