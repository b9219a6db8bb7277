export { okta, okta as default } from "./okta.ts";
