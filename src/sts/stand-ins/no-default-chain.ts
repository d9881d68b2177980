// Replaces the SDK's default credential chain in the bundle (scripts/build.mjs): xrole passes credentials to every client itself.
import { XroleError } from "../../errors/error.ts";

export function defaultProvider(): () => never {
  // The SDK sets this provider even for unsigned requests; only calling it is an error.
  return () => {
    throw new XroleError("internal", { problem: "the SDK asked for credentials of its own choice" });
  };
}
