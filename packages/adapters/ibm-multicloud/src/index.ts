export { ibmMulticloud, ibmMulticloud as default } from "./ibm-multicloud.ts";
