export { cloudStorageSecurity, cloudStorageSecurity as default } from "./cloud-storage-security.ts";
