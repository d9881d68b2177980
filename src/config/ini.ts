// Loaded only where there is a file of settings.
export { parse } from "ini";
