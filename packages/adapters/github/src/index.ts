export { github, github as default } from "./github.ts";
