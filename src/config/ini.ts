// The parser of the library `ini`, for xrole's own settings. Loaded only if such a file exists.
export { parse } from "ini";
