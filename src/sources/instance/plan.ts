// Plans the credentials of the EC2 instance: `credential_source = Ec2InstanceMetadata`, or the end of the default chain (rules 40
// to 42).
import type { Section } from "../../config/types.ts";
import type { Environment } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { machineId } from "../cache-identity.ts";
import type { SourceBase, SourceFacts, SourceKind } from "../kind.ts";
import { instanceEndpoint, instancePatience, isInstanceDisabled } from "./endpoint.ts";

export interface InstanceSource extends SourceBase {
  readonly kind: "instance";
  readonly endpoint: string;
  /** Whether AWS_EC2_METADATA_DISABLED forbids requests (rule 42). */
  readonly disabled: boolean;
  /** True in the default chain, where there may be no instance: a single attempt (rule 40). */
  readonly speculative: boolean;
  /** The timeout in seconds and the number of attempts, if the user sets them (rule 40). */
  readonly timeoutSeconds?: number;
  readonly attempts?: number;
}

export const instanceKind: SourceKind<InstanceSource> = {
  inDefaultChain: {
    variables: [],
    halves: [],
    plan({ env }, profile) {
      if (isInstanceDisabled(env)) throw new XroleError("credentials-nowhere", {});
      return instanceSource(env, "default chain", profile);
    },
  },
  credentialSource: { name: "Ec2InstanceMetadata", plan: instanceSource },
  mayBeLongTerm: false,
  isCached: false,
  tellsRegion: true,
  identity(_, { disabled, endpoint }) {
    const machine = machineId();
    // If the instance must not be asked, the call must fail, even if credentials are cached for it.
    return machine === undefined || disabled ? undefined : [endpoint, machine];
  },
};

function instanceSource(env: Environment, from: string, selected: Section | undefined): InstanceSource {
  return {
    kind: "instance",
    from,
    endpoint: instanceEndpoint(env, selected),
    disabled: isInstanceDisabled(env),
    speculative: from === "default chain",
    ...instancePatience(env, selected),
  };
}

export const instanceFacts: SourceFacts<InstanceSource> = {
  settings: [
    ...["ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode"],
    ...["metadata_service_timeout", "metadata_service_num_attempts"],
  ],
  settingsOf: "selected",
  makes: ["credential_source"],
  isRoleSession: true,
  isRenewable: true,
  describe: () => "the instance's role",
  label: () => "the instance's role",
  json({ kind, endpoint, timeoutSeconds, attempts, from }) {
    return { kind, endpoint, timeoutSeconds, attempts, from };
  },
  accountId: () => undefined,
  address: ({ endpoint }) => endpoint,
  unusedVariables: () => [],
  remedy: () => ({
    see: "AWS renews them by itself: if this stays, look at the clock, and at what answers for AWS here",
  }),
};
