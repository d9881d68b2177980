// Loaded only where there is a proxy.
export { HttpsProxyAgent } from "https-proxy-agent";
