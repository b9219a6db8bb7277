export { netskope, netskope as default } from "./netskope.ts";
