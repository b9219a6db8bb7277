export { kong, kong as default } from "./kong.ts";
