// Reads the policies that narrow a session: the one that comes with the call, and the managed ones that it names.
import { parsePolicy } from "./parse-policy.ts";
import type { Policy } from "./policy.ts";
import { invalid, members, violates } from "./query-form.ts";
import type { Outgoing } from "./serve.ts";
import { findPolicy, type World } from "./world.ts";
import { queryError } from "./xml.ts";

/** The policies; undefined where the session is not narrowed; or AWS's refusal. */
export function readPolicies(world: World, form: URLSearchParams): readonly Policy[] | Outgoing | undefined {
  const policies: Policy[] = [];
  const text = form.get("Policy");
  if (text !== null) {
    const policy = readSessionPolicy(text);
    if ("status" in policy) return policy;
    policies.push(policy);
  }
  for (const arn of members(form, "PolicyArns", ".arn")) {
    const policy = findPolicy(world, arn);
    if (!policy) return invalid(`The policy ${arn} does not exist or is not attachable.`);
    policies.push(policy);
  }
  return policies.length > 0 ? policies : undefined;
}

/** The policy of a session, or AWS's word on what is wrong with it. */
function readSessionPolicy(text: string): Policy | Outgoing {
  const malformed = (message: string): Outgoing => queryError(400, "MalformedPolicyDocument", message);
  if (text.length > 2048) return violates("policy", text, "have length less than or equal to 2048");
  let found = "";
  try {
    const policy = parsePolicy(JSON.parse(text), "", (path, problem) => {
      found = `${path} ${problem}`;
      throw new SyntaxError(found);
    });
    const statements = [policy.Statement].flat();
    if (statements.some(({ Principal }) => Principal !== undefined))
      return malformed("Policy document should not specify a principal.");
    return statements.some(({ Resource }) => Resource === undefined)
      ? malformed("Policy statement must contain resources.")
      : policy;
  } catch {
    return malformed(
      found.includes("is not played by the sandbox")
        ? `${found}.`
        : `Syntax errors in policy.${found === "" ? "" : ` (${found.trim()})`}`,
    );
  }
}
