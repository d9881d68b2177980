// Writes credentials in the output format of `credential_process` (AWS SDKs and Tools Reference, "Process credential provider").
import { formatTime } from "../../plan/aws/timestamps.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import { visibleJson } from "../../terminal/visible.ts";

export function processJson({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
  accountId,
}: Credentials): string {
  const output = {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration && formatTime(expiration),
    AccountId: accountId,
  };
  return `${visibleJson(output)}\n`;
}
