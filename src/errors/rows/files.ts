// The configuration files: whether they can be read and written, and what a line of theirs says.
import { shownValue } from "../passwords.ts";
import { row } from "../row.ts";
import { STATUS } from "../status.ts";
import { didYouMean, headerInWords, missingFiles, word, type Header, type Missing } from "../words.ts";

const LIST = "`xrole list` shows the profiles there are";

/** What to do about a profile that is in no file. @param missing the files that do not exist */
function notListed(profile: string, missing: readonly Missing[]): string {
  const text = missingFiles(missing);
  if (text === undefined) return LIST;
  // A variable with a wrong path has to be corrected; a new file at that path would hide the mistake.
  if (missing.some(({ namedBy }) => namedBy === "AWS_CONFIG_FILE")) return text;
  return `${text}; ${missing.length < 2 ? LIST : `to write the profile: xrole configure ${word(profile)}`}`;
}

export const FILES = {
  "home-missing": row({
    status: STATUS.config,
    message: "HOME is not set, and this user has no passwd entry that names a home folder",
    hint: "set HOME, or both AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE",
    when: "`HOME` is not set, and the user has no passwd entry",
    fix: "set `HOME`, or both `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`",
  }),
  "config-syntax": row<{ where: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: ${at.problem}`,
    when: "a line of a file that is not a setting, or a section header that is not closed",
    fix: "correct that line",
  }),
  "config-unreadable": row<{ file: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `cannot read ${at.file}: ${at.problem}`,
    when: "a file that cannot be read, is too large, or is not a regular file",
    fix: "check the file's permissions, and the variable that names it",
  }),
  "config-unwritable": row<{ file: string; problem: string }>({
    status: STATUS.output,
    message: (at) => `cannot write ${at.file}: ${at.problem}`,
    when: "the config file, or its folder, cannot be written to",
    fix: "check the permissions of both, and the space on the disk",
  }),
  "config-changed": row<{ file: string }>({
    status: STATUS.tryLater,
    message: (at) => `${at.file} was changed by somebody else meanwhile, and is left as it is`,
    hint: "try again",
    when: "somebody else changes the config file at the same time",
    fix: "try again",
  }),
  "setting-shadowed": row<{ where: string; name: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: ${at.name} is set there too, and wins over the config file`,
    hint: "change it there",
    when: "`xrole configure` sets what the credentials file also sets, which wins over the config file",
    fix: "change it in the credentials file",
  }),
  "settings-invalid": row<{ file: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `${at.file}: ${at.problem}`,
    when: "a file of xrole's own settings",
    fix: "correct the file",
  }),
  "profile-not-found": row<{
    profile: string;
    close: readonly string[];
    origin?: string;
    header?: Header;
    looked?: { missing: readonly Missing[]; areHidden: boolean };
  }>({
    status: STATUS.config,
    message: (at) => {
      const name = `"${at.profile}"${at.origin ? ` (named by ${at.origin})` : ""}`;
      return at.looked?.areHidden
        ? `profile ${name} is hidden by --renew or serve: AWS_CONFIG_FILE is a file of xrole's here, with one profile's settings`
        : `there is no profile ${name}`;
    },
    hint: (at) =>
      at.looked?.areHidden
        ? "start the command with plain `xrole exec`; in a shell, first return to your own files: eval $(xrole env --unset)"
        : at.header
          ? headerInWords(at.header)
          : (didYouMean(at.close) ?? notListed(at.profile, at.looked?.missing ?? [])),
    when: "no profile of that name, or one that `exec --renew` or `serve` hides",
    fix: LIST,
  }),
  "section-not-found": row<{ where: string; kind: string; name: string; close: readonly string[] }>({
    status: STATUS.config,
    message: (at) => `${at.where}: there is no section [${at.kind} ${at.name}]`,
    hint: (at) => didYouMean(at.close) ?? "add the section to the config file, or correct the name",
    when: "`sso_session` or `services` names a section that does not exist",
    fix: "add the section to the config file, or correct the name",
  }),
  "setting-invalid": row<{ where: string; name: string; value: string; expected: string; hint?: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: ${at.name} = ${shownValue(at.name, at.value)} is not ${at.expected}`,
    hint: (at) => at.hint,
    when: "a value of a setting, variable or option that AWS or xrole does not take",
    fix: "the message says what is expected",
  }),
  "setting-missing": row<{ where: string; profile?: string; setting: string; because: string; hint?: string }>({
    status: STATUS.config,
    message: (at) =>
      at.profile === undefined
        ? `${at.where}: ${at.because} is set but ${at.setting} is not`
        : `${at.where}: profile "${at.profile}" has ${at.because} but no ${at.setting}`,
    hint: (at) => at.hint,
    when: "a setting or variable without the one that belongs to it",
    fix: "set both, or neither",
  }),
  "policy-unreadable": row<{ file: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `--policy ${at.file}: ${at.problem}`,
    when: "the file of `--policy` cannot be read, or is not a policy",
    fix: "check the path, and that the file is JSON",
  }),
};
