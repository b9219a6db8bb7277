export { shoreline, shoreline as default } from "./shoreline.ts";
