export { cyberark, cyberark as default } from "./cyberark.ts";
