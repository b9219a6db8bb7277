export { launchdarkly, launchdarkly as default } from "./launchdarkly.ts";
