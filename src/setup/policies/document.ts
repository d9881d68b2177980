// The types of policy documents. Source: "Grammar of the IAM JSON policy language" in the IAM User Guide.

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

/** An inline policy of a role. A second run finds it again by its name. */
export interface InlinePolicy {
  readonly name: string;
  /** xrole's own policy, or the content of the user's file. */
  readonly document: PolicyDocument | Readonly<Record<string, unknown>>;
}

export const policyOf = (statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** The only value alone, or the list of several: people write a list of one without brackets. */
export const oneOrMore = (values: readonly string[]): string | readonly string[] => {
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : values;
};
