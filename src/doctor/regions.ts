// Regions that an account has to switch on. Source: "AWS Regions" of the Account Management Reference Guide: those introduced
// before 20 March 2019 are on by default.

const ON_BY_DEFAULT =
  /^(us-(east|west)-[12]|ap-northeast-[123]|ap-south-1|ap-southeast-[12]|ca-central-1|eu-(central-1|west-[123]|north-1)|sa-east-1)$/;

/** Whether a region of the `aws` partition is off until an account opts in. */
export const isOptInRegion = (region: string): boolean =>
  !ON_BY_DEFAULT.test(region) && !/^(cn-|us-gov-|us-iso|eu-iso|eusc-|aws-global$)/.test(region);
