// Lists a bucket as the role of a profile: the program takes the role itself, by xrole's library.
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { fromXrole } from "xrole";

const [profile = "b-s3", bucket = "b-s3-bucket"] = process.argv.slice(2);
const region = process.env.AWS_REGION ?? "us-east-1";
const credentials = fromXrole({ profile, warn: (warning) => console.error(warning) });

try {
  const { accountId } = await credentials();
  console.log(`I act in account ${accountId}`);
  const { Contents = [] } = await new S3Client({ region, credentials }).send(
    new ListObjectsV2Command({ Bucket: bucket }),
  );
  for (const { Key, Size } of Contents) console.log(`${String(Size).padStart(6)}  s3://${bucket}/${Key}`);
} catch (error) {
  console.log(`${error.code ?? error.name}: ${error.message}`);
  if (error.hint) console.log(`hint: ${error.hint}`);
  process.exitCode = 1;
}
