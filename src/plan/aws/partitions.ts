// The table of AWS partitions: the regions of each, and the suffixes of its host names. Source: the SDKs' shared partitions.json.

export interface Partition {
  readonly id: string;
  readonly regions: RegExp;
  readonly suffix: string;
  readonly dualStackSuffix: string;
  /** The region of STS if none is configured (rule 35). */
  readonly defaultRegion: string;
}

const AWS: Partition = {
  id: "aws",
  regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  suffix: "amazonaws.com",
  dualStackSuffix: "api.aws",
  defaultRegion: "us-east-1",
};

const PARTITIONS: readonly Partition[] = [
  AWS,
  {
    id: "aws-cn",
    regions: /^cn-\w+-\d+$/,
    suffix: "amazonaws.com.cn",
    dualStackSuffix: "api.amazonwebservices.com.cn",
    defaultRegion: "cn-north-1",
  },
  {
    id: "aws-us-gov",
    regions: /^us-gov-\w+-\d+$/,
    suffix: "amazonaws.com",
    dualStackSuffix: "api.aws",
    defaultRegion: "us-gov-west-1",
  },
  {
    id: "aws-eusc",
    regions: /^eusc-de-\w+-\d+$/,
    suffix: "amazonaws.eu",
    dualStackSuffix: "api.amazonwebservices.eu",
    defaultRegion: "eusc-de-east-1",
  },
  {
    id: "aws-iso",
    regions: /^us-iso-\w+-\d+$/,
    suffix: "c2s.ic.gov",
    dualStackSuffix: "api.aws.ic.gov",
    defaultRegion: "us-iso-east-1",
  },
  {
    id: "aws-iso-b",
    regions: /^us-isob-\w+-\d+$/,
    suffix: "sc2s.sgov.gov",
    dualStackSuffix: "api.aws.scloud",
    defaultRegion: "us-isob-east-1",
  },
  {
    id: "aws-iso-e",
    regions: /^eu-isoe-\w+-\d+$/,
    suffix: "cloud.adc-e.uk",
    dualStackSuffix: "api.cloud-aws.adc-e.uk",
    defaultRegion: "eu-isoe-west-1",
  },
  {
    id: "aws-iso-f",
    regions: /^us-isof-\w+-\d+$/,
    suffix: "csp.hci.ic.gov",
    dualStackSuffix: "api.aws.hci.ic.gov",
    defaultRegion: "us-isof-south-1",
  },
];

/** Whether a partition with this id exists. */
export const isPartition = (id: string): boolean => PARTITIONS.some((one) => one.id === id);

/** The partition of a region. As in the SDKs, an unknown region counts as a new region of `aws`. */
export function partitionOfRegion(region: string): Partition {
  return PARTITIONS.find(({ regions }) => regions.test(region)) ?? AWS;
}

/** The partition that the second field of an ARN names; `aws` if it is unknown. */
export function partitionOfArn(arn: string): Partition {
  const id = arn.split(":")[1];
  return PARTITIONS.find((partition) => partition.id === id) ?? AWS;
}
