// Stands in the bundle for the SDK's default credential chain (scripts/build.mjs): xrole hands every client its credentials.
import { XroleError } from "../errors.ts";

export function defaultProvider(): never {
  throw new XroleError("internal", { problem: "the SDK asked for credentials of its own choice" });
}
