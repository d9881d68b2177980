// The clients of identity.test.ts: a command of each, and which identity it uses where that is not the role.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { AWS, PYTHON, VENV } from "./peers.ts";

/** How a client is given the role: the last two are profiles with `credential_process`, in the one file or the other. */
export type Way = "exec" | "renew" | "serve" | "process" | "process in the credentials file";

export interface Client {
  readonly name: string;
  /** Words for a shell and for xrole. They make a request to TEST_ENDPOINT. */
  readonly command: string;
  /** Whether it is tried with a profile in the credentials file too. */
  readonly readsCredentialsFile?: boolean;
  /** The id of the key that signs, where it is not the role's; undefined where nothing is sent. */
  readonly others?: Readonly<Partial<Record<Way, string | undefined>>>;
  /** Whether its parts could be made here (scripts/peers.mjs). */
  readonly isHere?: boolean;
}

const PEERS = process.env.XROLE_TEST_PEERS ?? "";
const SDK_2 = join(PEERS, "javascript-2/node_modules/aws-sdk");
const SDK_3 = resolve(import.meta.dirname, "../../node_modules/@aws-sdk/client-sts");
const JAVA = join(PEERS, "java");
const GO = join(PEERS, "go/peer");

const INSTANCE = "ASIAINSTANCE";
const CREDENTIALS_FILE = "AKIACREDENTIALS";

const python = (...lines: readonly string[]): string => `${PYTHON} -c '${lines.join("\n")}'`;
const node = (script: string): string => `node -e '${script}'`;
const host = (): string => "${TEST_ENDPOINT#http://}";
const java = (program: string, ...words: readonly string[]): string =>
  `java ${words.join(" ")} -cp "${JAVA}/lib/*:${JAVA}" ${program}`;

const polars = (...options: readonly string[]): string =>
  python("import os, polars", `polars.scan_csv(${['"s3://bucket/hello.csv"', ...options].join(", ")}).collect()`);
const STORAGE_OPTIONS = 'storage_options={"aws_endpoint_url": os.environ["TEST_ENDPOINT"], "aws_allow_http": "true"}';

const rasterio = (session: string, url: string): string =>
  python(
    "import os, rasterio",
    "from rasterio.session import DummySession",
    'options = dict(AWS_S3_ENDPOINT=os.environ["TEST_ENDPOINT"].split("//")[1], AWS_HTTPS="NO", AWS_VIRTUAL_HOSTING="FALSE")',
    "try:",
    `    with rasterio.Env(${session}GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", **options): rasterio.open("${url}")`,
    // What is there is no raster.
    "except rasterio.errors.RasterioIOError: pass",
  );

const rclone = (remote: string): string =>
  `rclone --config /dev/null lsf ":s3,provider=Other,${remote},force_path_style=true,endpoint='$TEST_ENDPOINT':bucket"`;
const s3cmd = (options: string): string =>
  `${join(VENV, "s3cmd")} ${options} --host="${host()}" --host-bucket="${host()}" --no-ssl ls s3://bucket`;

export const CLIENTS: readonly Client[] = [
  { name: "AWS CLI", command: `${AWS} --endpoint-url "$TEST_ENDPOINT" sts get-caller-identity` },
  {
    name: "boto3",
    command: python(
      "import boto3, os",
      'boto3.client("sts", endpoint_url=os.environ["TEST_ENDPOINT"]).get_caller_identity()',
    ),
  },
  {
    name: "SDK for JavaScript 3",
    command: node(
      `const { STS } = require("${SDK_3}"); new STS({ endpoint: process.env.TEST_ENDPOINT }).getCallerIdentity({})`,
    ),
  },
  {
    name: "SDK for JavaScript 2",
    command: node(
      `const { STS } = require("${SDK_2}"); new STS({ endpoint: process.env.TEST_ENDPOINT }).getCallerIdentity().promise()`,
    ),
    // It reads no profiles of the config file, until AWS_SDK_LOAD_CONFIG is set.
    others: { process: INSTANCE },
    readsCredentialsFile: true,
  },
  {
    name: "SDK for JavaScript 2, AWS_SDK_LOAD_CONFIG=1",
    command: `env AWS_SDK_LOAD_CONFIG=1 ${node(
      `const { STS } = require("${SDK_2}"); new STS({ endpoint: process.env.TEST_ENDPOINT }).getCallerIdentity().promise()`,
    )}`,
  },
  {
    name: "SDK for Java 1",
    command: java("V1", '-Dcom.amazonaws.sdk.ec2MetadataServiceEndpointOverride="$AWS_EC2_METADATA_SERVICE_ENDPOINT"'),
    others: { process: INSTANCE },
    readsCredentialsFile: true,
    isHere: existsSync(join(JAVA, "stamp")),
  },
  { name: "SDK for Java 2", command: java("V2"), isHere: existsSync(join(JAVA, "stamp")) },
  { name: "SDK for Go 2", command: GO, isHere: existsSync(GO) },
  {
    name: "SDK for C++ (pyarrow)",
    command: python(
      "import os",
      "from pyarrow.fs import S3FileSystem",
      's3 = S3FileSystem(endpoint_override=os.environ["TEST_ENDPOINT"].split("//")[1], scheme="http", region="us-east-1")',
      's3.open_input_stream("bucket/hello.csv").read()',
    ),
  },
  { name: "rclone (Debian's has the SDK for Go 1)", command: rclone("env_auth=true") },
  {
    name: "rclone, a remote without env_auth",
    command: rclone("access_key_id=AKIAREMOTE,secret_access_key=secret-of-remote"),
    others: { exec: "AKIAREMOTE", renew: "AKIAREMOTE", serve: "AKIAREMOTE", process: "AKIAREMOTE" },
  },
  {
    name: "object_store (obstore)",
    command: python(
      "import obstore, os",
      'store = obstore.store.S3Store("bucket", endpoint=os.environ["TEST_ENDPOINT"], client_options={"allow_http": True})',
      'obstore.get(store, "hello.csv").bytes()',
    ),
    others: { process: INSTANCE },
  },
  { name: "polars with boto3", command: `env AWS_ENDPOINT_URL="$TEST_ENDPOINT" AWS_ALLOW_HTTP=true ${polars()}` },
  {
    name: "polars with storage_options",
    command: polars(STORAGE_OPTIONS),
    others: { renew: CREDENTIALS_FILE, serve: CREDENTIALS_FILE, process: CREDENTIALS_FILE },
  },
  {
    name: "polars with storage_options and CredentialProviderAWS",
    command: polars(STORAGE_OPTIONS, "credential_provider=polars.CredentialProviderAWS()"),
  },
  {
    name: "GDAL",
    command: rasterio("DummySession(), ", "/vsis3/bucket/hello.csv"),
    others: { process: INSTANCE },
  },
  { name: "rasterio with boto3", command: rasterio("", "s3://bucket/hello.csv") },
  { name: "s3cmd", command: s3cmd(""), others: { renew: undefined, serve: undefined, process: undefined } },
  {
    name: "s3cmd with a configuration file",
    command: s3cmd('-c "$S3CFG"'),
    others: { exec: "AKIAS3CFG", renew: "AKIAS3CFG", serve: "AKIAS3CFG", process: "AKIAS3CFG" },
  },
];
