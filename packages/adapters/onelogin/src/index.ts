export { onelogin, onelogin as default } from "./onelogin.ts";
