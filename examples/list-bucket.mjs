// Says who it is and lists a bucket, with the AWS SDK and whatever credentials the SDK finds by itself.
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const [bucket = "b-s3-bucket"] = process.argv.slice(2);
const region = process.env.AWS_REGION ?? "us-east-1";

try {
  const { Arn } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  console.log(`I am ${Arn}`);
  const { Contents = [] } = await new S3Client({ region }).send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key, Size } of Contents) console.log(`${String(Size).padStart(6)}  s3://${bucket}/${Key}`);
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
