export { snyk, snyk as default } from "./snyk.ts";
