// Access keys in the environment or in a file.
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

export const KEYS = {
  "keys-incomplete": row<{ where: string; profile: string; missing: string }>({
    status: STATUS.config,
    message: (at) =>
      `${at.where}: profile "${at.profile}" has half a key pair: ${at.missing} is missing from the same file`,
    when: "a profile with half a key pair",
    fix: "write `aws_access_key_id` and `aws_secret_access_key` in the same file",
  }),
  "environment-empty": row<{ where: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: the source is the environment, which holds no keys`,
    hint: "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    when: "`credential_source = Environment` without keys there",
    fix: "export `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`",
  }),
  "environment-incomplete": row({
    status: STATUS.config,
    message: "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not",
    hint: "set both, or unset both",
    when: "an access key ID without its secret in the environment",
    fix: "set both, or unset both",
  }),
  "environment-expiration": row<{ value: string }>({
    status: STATUS.config,
    message: (at) => `AWS_CREDENTIAL_EXPIRATION = ${at.value} is not a timestamp`,
    hint: "unset it, or give a time such as 2026-01-01T00:00:00Z",
    when: "an `AWS_CREDENTIAL_EXPIRATION` that is not a timestamp",
    fix: "unset it, or give a time such as `2026-01-01T00:00:00Z`",
  }),
  "credentials-malformed": row<{ where: string; name: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: ${at.name} ${at.problem}, which no key or token of AWS's does`,
    hint: "copy it again, without line breaks and with plain letters and digits only",
    when: "a key, secret or token with a line break or a character outside ASCII",
    fix: "copy it again, without line breaks",
  }),
  "credentials-expired": row<{ origin: string; expiration: string; hint: string }>({
    status: STATUS.refused,
    message: (at) => `the credentials in ${at.origin} expired at ${at.expiration}`,
    hint: (at) => at.hint,
    when: "credentials that have expired",
    fix: "renew them where they come from",
  }),
};
