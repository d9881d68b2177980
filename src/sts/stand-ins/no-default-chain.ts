// Stands in the bundle for the SDK's default credential chain (scripts/build.mjs): xrole hands every client its credentials.
import { XroleError } from "../../errors/errors.ts";

export function defaultProvider(): () => never {
  // Clients are made with it even for calls that are not signed; only asking it is wrong.
  return () => {
    throw new XroleError("internal", { problem: "the SDK asked for credentials of its own choice" });
  };
}
