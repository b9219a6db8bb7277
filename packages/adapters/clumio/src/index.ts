export { clumio, clumio as default } from "./clumio.ts";
