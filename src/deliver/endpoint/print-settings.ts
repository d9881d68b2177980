// Prints the settings that a consumer of an endpoint needs: as shell code for this host, as options of docker, or as JSON for
// programs.
import { isSettingVariable } from "../../config/setting-variables.ts";
import { quoteWord } from "../../config/parse/words.ts";
import { aside, type BESIDE_ENDPOINT, KEPT_ASIDE, type Changes } from "../environment/environment.ts";
import { PRINT_FORMS, type PrintForm } from "../environment/format-names.ts";
import { quote, shellFailure, shellStatements } from "../environment/sh.ts";
import { visibleJson } from "../../terminal/visible.ts";

/** The settings with which a consumer gets a profile's credentials. */
export interface Printed {
  readonly profile: string;
  readonly uri: string;
  readonly tokenFile: string;
  /** The changes that make an SDK on this host use it. */
  readonly changes: Changes;
}

/** The requested format, or the default for this number of profiles; undefined for an unknown format. */
export function settingsForm(asked: unknown, profiles: number): PrintForm | undefined {
  return asked === undefined ? (profiles > 1 ? "json" : "sh") : PRINT_FORMS.find((known) => known === asked);
}

/** The whole of stdout when xrole fails with `status`, so that whoever evaluates it notices. report.ts prints it for json. */
export function settingsFailure(form: PrintForm, status: number): string {
  if (form === "json") return "";
  // Most shells reject parentheses among the words of `docker run`; in the others, docker rejects the option. It contains no `;`,
  // because anything after that would be a separate command.
  return form === "docker" ? `--xrole-failed (exit ${String(status)})\n` : shellFailure(status);
}

/** @param printed one profile; for `json`, any number */
export function printSettings(form: PrintForm, printed: readonly Printed[]): string {
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
 * Statements for a shell. The shell itself carries out the ones around the changes, so that no secret is printed: variables that
 * would be overwritten are saved for `env --unset`, and the token is read for SDKs older than 2024, which do not read the token
 * file.
 */
function shellText({ tokenFile, changes }: Printed): string {
  const keep = KEPT_ASIDE.map(
    (name) => `test -n "\${XROLE_ENDPOINT-}" || test -z "\${${name}-}" || export ${aside(name)}="$${name}";\n`,
  );
  return `${keep.join("")}${shellStatements(changes)}export AWS_CONTAINER_AUTHORIZATION_TOKEN="$(cat ${quote(tokenFile)})";\n`;
}

const TOKEN_INSIDE = "/run/xrole-token";
/**
 * Files that an image, or a mounted ~/.aws, may contain: their keys would take precedence over the endpoint. Every SDK treats
 * /dev/null as an empty file.
 */
const FILES: readonly (typeof BESIDE_ENDPOINT)[number][] = [
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CREDENTIAL_PROFILES_FILE",
  "CPL_AWS_CREDENTIALS_FILE",
  "BOTO_CONFIG",
];

/** Options of `docker run`. SDKs use plain http for loopback addresses only, so the container shares the host's network. */
function dockerWords({ uri, tokenFile, changes: { set } }: Printed): string[] {
  // The profile's settings, except the CA bundle: its file is not in the container.
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
