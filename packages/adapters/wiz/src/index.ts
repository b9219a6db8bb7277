export { wiz, wiz as default } from "./wiz.ts";
