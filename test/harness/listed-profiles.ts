// Profiles of every kind, a broken one among them, for what is listed and explained without a request.
import { makeHome } from "./home.ts";

export const config = `[default]
region = eu-central-1

[profile b-s3]
credential_source = Ec2InstanceMetadata
role_arn = arn:aws:iam::222222222222:role/role-b-s3
region = us-east-1

[profile deep]
role_arn = arn:aws:iam::333333333333:role/path/deep
source_profile = b-s3
duration_seconds = 7200
external_id = ext-1
mfa_serial = arn:aws:iam::1:mfa/u

[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret-of-keys
aws_account_id = 444444444444

[profile lender]
credential_source = EcsContainer

[profile broken]
role_arn = arn:aws:iam::222222222222:role/x
credential_source = ec2instancemetadata
`;
export const home = (): { HOME: string } => ({ HOME: makeHome({ ".aws/config": config }) });
