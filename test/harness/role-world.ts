// A home with a role from each source that needs no login, and an STS that assumes them.
import { fakeAws, sts } from "./fake-aws.ts";
import { makeHome } from "./home.ts";
import { secret } from "./secrets.ts";

export const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
export const config = `
[profile b-s3]
credential_source = Environment
role_arn = arn:aws:iam::222222222222:role/role-b-s3
region = us-east-1

[profile on-instance]
credential_source = Ec2InstanceMetadata
role_arn = arn:aws:iam::222222222222:role/role-b-s3

[profile in-container]
credential_source = EcsContainer
role_arn = arn:aws:iam::222222222222:role/role-b-s3
region = us-east-1

[profile deep]
source_profile = b-s3
role_arn = arn:aws:iam::333333333333:role/deep
external_id = ext-1
role_session_name = auditor
duration_seconds = 1800
region = eu-west-1
`;

export async function world(): Promise<{
  env: Record<string, string>;
  asked: Awaited<ReturnType<typeof fakeAws>>["asked"];
}> {
  const { url, asked } = await fakeAws(sts);
  return { env: { HOME: makeHome({ ".aws/config": config }), AWS_ENDPOINT_URL_STS: url }, asked };
}
