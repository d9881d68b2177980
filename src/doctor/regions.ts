// Recognizes the regions that an account must enable. Source: "AWS Regions" of the Account Management Reference Guide: regions introduced
// before 20 March 2019 are enabled by default.

const ON_BY_DEFAULT =
  /^(us-(east|west)-[12]|ap-northeast-[123]|ap-south-1|ap-southeast-[12]|ca-central-1|eu-(central-1|west-[123]|north-1)|sa-east-1)$/;

/** Whether a region of the partition `aws` is disabled until an account opts in. */
export const isOptInRegion = (region: string): boolean =>
  !ON_BY_DEFAULT.test(region) && !/^(cn-|us-gov-|us-iso|eu-iso|eusc-|aws-global$)/.test(region);
