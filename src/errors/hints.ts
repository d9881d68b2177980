// Hints that rows of several themes share. Each is undefined where it does not fit, so that `??` can give another one.
import { word } from "./words.ts";

/** For a reply that does not come from AWS. */
export const foreignHint = ({ isForeign }: { readonly isForeign?: boolean }): string | undefined =>
  isForeign === true
    ? "open a web page to sign in to this network if it asks for that; else check the proxy variables and the endpoint"
    : undefined;

/** For variables that `serve` or `exec --renew` set, and that are still there after it has ended. */
export const endedHint = ({ isOurs }: { readonly isOurs?: boolean }): string | undefined =>
  isOurs === true
    ? "the `xrole serve` or `xrole exec --renew` that set these variables has ended: start it again, after eval $(xrole env --unset)"
    : undefined;

/** @param syntax what only a shell gives a meaning to, in a command that runs without one (config/parse/shell-syntax.ts) */
export const noShell = (syntax: string | undefined): string | undefined =>
  syntax === undefined
    ? undefined
    : `no shell runs this command (the AWS CLI uses none either), so ${syntax} has no meaning; ${
        syntax === "~" ? "write the whole path" : "write it out, or run it by sh -c '...'"
      }`;

/** For a program that could not be started (sources/capture-output.ts). */
export function notStarted(command: string, problem: string): string | undefined {
  if (problem === "command not found")
    return command.includes("/")
      ? "install the program there, or correct the path"
      : "install the program, or write its whole path: it is in none of the folders of PATH";
  return problem === "permission denied" ? `make it executable: chmod +x ${word(command)}` : undefined;
}

/** For the path of a setting that a shell would have expanded: botocore opens it unchanged, too. */
export const noExpansion = (path: string): string | undefined =>
  /^~|\$[\w{]/.test(path)
    ? "~ and $NAME are not expanded in this path (nor by the AWS CLI); write the whole path"
    : undefined;

/** For a host name of AWS's that cannot be resolved: what is wrong with the region in it. */
export function noRegion(endpoint: string, problem: string): string | undefined {
  const [, region = ""] =
    /^https:\/\/(?:sts|portal\.sso|oidc)(?:-fips)?\.([^./]+)\.(?:amazonaws|api)\./.exec(endpoint) ?? [];
  if (problem !== "its name cannot be resolved" || region === "" || /^[a-z]+(-[a-z]+)+-\d+$/.test(region))
    return undefined;
  const [, zoned] = /^(.*-\d+)[a-z]$/.exec(region) ?? [];
  return zoned === undefined
    ? `${region} does not look like a region; they are named as in eu-west-1: correct --region, AWS_REGION or the profile's region`
    : `${region} is an availability zone; its region is ${zoned}: correct --region, AWS_REGION or the profile's region`;
}
