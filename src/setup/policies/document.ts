// Policies as values. Source: "Grammar of the IAM JSON policy language" in the IAM User Guide.

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal?: { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** A policy that stands in a role, under a name that a second run finds again. */
export interface InlinePolicy {
  readonly name: string;
  /** xrole's own, or what the user's file says. */
  readonly document: PolicyDocument | Readonly<Record<string, unknown>>;
}

export const policyOf = (statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** One string, or several: a list of one is written without brackets, as people write it. */
export const oneOrMore = (values: readonly string[]): string | readonly string[] => {
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : values;
};
