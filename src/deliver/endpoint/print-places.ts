// Prints what a consumer of an endpoint must set: for a shell on this host, for docker, and for programs.
import { isSettingVariable } from "../../config/setting-variables.ts";
import { quoteWord } from "../../config/parse/words.ts";
import { aside, type BESIDE_ENDPOINT, KEPT_ASIDE, type Changes } from "../environment/environment.ts";
import { PRINT_FORMS, type PrintForm } from "../environment/format-names.ts";
import { quote, shellFailure, shellStatements } from "../environment/sh.ts";
import { visibleJson } from "../../terminal/visible.ts";

/** A profile's place on an endpoint. */
export interface Printed {
  readonly profile: string;
  readonly uri: string;
  readonly tokenFile: string;
  /** What leads an SDK on this host there. */
  readonly changes: Changes;
}

/** The form that is asked for, or usual for so many profiles; undefined for one that is not known. */
export function placesForm(asked: unknown, profiles: number): PrintForm | undefined {
  return asked === undefined ? (profiles > 1 ? "json" : "sh") : PRINT_FORMS.find((known) => known === asked);
}

/** The whole of stdout when xrole fails with `status`: who evaluates it must notice. Of json it is report.ts that prints it. */
export function placesFailure(form: PrintForm, status: number): string {
  if (form === "json") return "";
  // Shells refuse parentheses among the words of `docker run`, but for some, where docker refuses the option. There is no ; in it: what
  // follows would be a command of its own.
  return form === "docker" ? `--xrole-failed (exit ${String(status)})\n` : shellFailure(status);
}

/** @param printed one place; for `json` any number */
export function printPlaces(form: PrintForm, printed: readonly Printed[]): string {
  switch (form) {
    case "sh":
      return printed.map(shellText).join("");
    case "docker":
      return printed.map((one) => `${dockerWords(one).map(quoteWord).join(" ")}\n`).join("");
    case "json": {
      const all = printed.map(({ profile, uri, tokenFile, changes }) => ({
        profile,
        uri,
        tokenFile,
        environment: changes.set,
      }));
      return `${visibleJson(all, 2)}\n`;
    }
    default:
      return form satisfies never;
  }
}

/**
 * Statements for a shell. Those around the changes are carried out by that shell, so that no secret is printed: what the changes
 * would overwrite is kept for `env --unset`, and the token is read for SDKs older than 2024, which do not read its file.
 */
function shellText({ tokenFile, changes }: Printed): string {
  const keep = KEPT_ASIDE.map(
    (name) => `test -n "\${XROLE_ENDPOINT-}" || test -z "\${${name}-}" || export ${aside(name)}="$${name}";\n`,
  );
  return `${keep.join("")}${shellStatements(changes)}export AWS_CONTAINER_AUTHORIZATION_TOKEN="$(cat ${quote(tokenFile)})";\n`;
}

const TOKEN_INSIDE = "/run/xrole-token";
/** Files that an image, or a mounted ~/.aws, may have: their keys would win over the endpoint. Each SDK takes /dev/null for an empty one. */
const FILES: readonly (typeof BESIDE_ENDPOINT)[number][] = [
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CREDENTIAL_PROFILES_FILE",
  "CPL_AWS_CREDENTIALS_FILE",
  "BOTO_CONFIG",
];

/** Words of `docker run`. SDKs speak plain http to loopback addresses only, so the container shares the host's network. */
function dockerWords({ uri, tokenFile, changes: { set } }: Printed): string[] {
  // Of the profile's settings all but the bundle, whose file is not in the container.
  const settings = Object.entries(set).filter(([name]) => isSettingVariable(name) && name !== "AWS_CA_BUNDLE");
  const variables = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: uri,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: TOKEN_INSIDE,
    ...Object.fromEntries(FILES.map((name) => [name, "/dev/null"])),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_REGION: set.AWS_REGION,
    AWS_DEFAULT_REGION: set.AWS_DEFAULT_REGION,
    ...Object.fromEntries(settings),
  };
  const given = Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return ["--network", "host", "-v", `${tokenFile}:${TOKEN_INSIDE}:ro`, ...given.flatMap((one) => ["-e", one])];
}
