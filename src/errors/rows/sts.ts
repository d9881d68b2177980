// What STS refuses.
import { row } from "../row.ts";
import { STATUS } from "../status.ts";
import { word } from "../words.ts";

export const STS = {
  /** `profile`: the profile whose role was refused; absent where none names it. */
  "access-denied": row<{ caller: string; role: string; detail: string; profile?: string | undefined }>({
    status: STATUS.refused,
    message: (at) => `AWS refused: ${at.caller} may not assume ${at.role}`,
    hint: (at) =>
      `AWS says: ${at.detail}; to find out why: ` +
      (at.profile
        ? `xrole doctor ${word(at.profile)}, with the same options`
        : "xrole doctor, with the same profile and options"),
    when: "the caller may not assume the role",
    fix: "`xrole doctor NAME` finds out why: see [doctor.md](doctor.md)",
  }),
  "credentials-invalid": row<{ caller: string; code: string; detail: string }>({
    status: STATUS.refused,
    message: (at) => `AWS does not accept the credentials of ${at.caller} (${at.code})`,
    hint: (at) =>
      `AWS says: ${at.detail}` +
      (at.code.startsWith("InvalidClientTokenId")
        ? "; a region that is not enabled in the account (an opt-in region) answers so too: try --region us-east-1"
        : ""),
    when: "AWS does not accept the credentials, or the region is not enabled in the account",
    fix: "check the keys; for an opt-in region, try `--region us-east-1`",
  }),
  "token-expired": row<{ caller: string; code: string; detail: string }>({
    status: STATUS.refused,
    message: (at) => `AWS says that the credentials of ${at.caller} have expired (${at.code})`,
    hint: (at) => `renew them where they come from; AWS says: ${at.detail}`,
    when: "AWS says that the credentials have expired",
    fix: "renew them where they come from",
  }),
  "sts-refused": row<{ role: string; code: string; detail: string }>({
    status: STATUS.refused,
    message: (at) => `AWS refused the call for ${at.role} (${at.code})`,
    hint: (at) => `AWS says: ${at.detail}`,
    when: "STS refuses for another reason",
    fix: "the hint repeats what AWS says",
  }),
  "duration-refused": row<{ role: string; seconds: number }>({
    status: STATUS.refused,
    message: (at) => `the longest session of ${at.role} is shorter than the ${String(at.seconds)} s asked for`,
    hint: (at) =>
      "ask for less (duration_seconds, --duration), or let the role's account allow more: " +
      `aws iam update-role --role-name ${at.role.split("/").at(-1) ?? ""} --max-session-duration ${String(at.seconds)}`,
    when: "a longer session than the role allows",
    fix: "ask for less (`duration_seconds`, `--duration`), or raise the role's maximum session duration",
  }),
  "identity-provider-away": row<{ role: string; code: string; detail: string }>({
    status: STATUS.tryLater,
    message: (at) =>
      `AWS could not check the web identity token for ${at.role} (${at.code}): it did not get the identity provider's keys`,
    hint: (at) => `try again later; if it stays, AWS cannot reach the provider's issuer URL. AWS says: ${at.detail}`,
    when: "AWS could not get the keys of a web identity token's provider",
    fix: "try again later; if it stays, AWS cannot reach the provider's issuer URL",
  }),
};
