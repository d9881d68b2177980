// Reads the session policies of a request: the inline one, and the managed ones that it names.
import { parsePolicy } from "./parse-policy.ts";
import { NO_PRINCIPAL, NO_RESOURCE } from "./policy-rules.ts";
import type { Policy } from "./evaluate-policy.ts";
import { invalid, members, violates } from "../services/query-form.ts";
import type { Outgoing } from "../http-message.ts";
import { findPolicy, type World } from "../world/world.ts";
import { queryError } from "../services/xml.ts";

/** The most managed policies of one request. Source: the AssumeRole page of the STS API reference. */
const MANAGED = 10;

/** The policies; undefined if the session has none; or AWS's refusal. */
export function readPolicies(world: World, form: URLSearchParams): readonly Policy[] | Outgoing | undefined {
  const policies: Policy[] = [];
  const text = form.get("Policy");
  if (text !== null) {
    const policy = readSessionPolicy(text);
    if ("status" in policy) return policy;
    policies.push(policy);
  }
  const arns = members(form, "PolicyArns", ".arn", MANAGED);
  if (arns.length > MANAGED)
    return violates("policyArns", "[...]", `have length less than or equal to ${String(MANAGED)}`);
  for (const arn of arns) {
    const policy = findPolicy(world, arn);
    if (!policy) return invalid(`The policy ${arn} does not exist or is not attachable.`);
    policies.push(policy);
  }
  return policies.length > 0 ? policies : undefined;
}

/** The session policy, or AWS's error for a malformed one. */
function readSessionPolicy(text: string): Policy | Outgoing {
  const malformed = (message: string): Outgoing => queryError(400, "MalformedPolicyDocument", message);
  if (text.length > 2048) return violates("policy", text, "have length less than or equal to 2048");
  let found = "";
  try {
    return parsePolicy(JSON.parse(text), "", "caller", (path, problem) => {
      found = `${path} ${problem}`;
      throw new SyntaxError(found);
    });
  } catch {
    if (found.endsWith(NO_PRINCIPAL)) return malformed("Policy document should not specify a principal.");
    if (found.endsWith(NO_RESOURCE)) return malformed("Policy statement must contain resources.");
    return malformed(
      found.includes("is not played by the sandbox")
        ? `${found}.`
        : `Syntax errors in policy.${found === "" ? "" : ` (${found.trim()})`}`,
    );
  }
}
