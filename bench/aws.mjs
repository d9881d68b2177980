// The loopback stand-in for the benchmark: STS and an instance that answer at once, and count. In a process of its own, so that
// the one that measures does not also serve. `GET /count` gives the requests since the last time. Under /waiting the first session is
// too short for the endpoint to hand out, and the next ones take their time.
import { createServer } from "node:http";

const ROLE_PATH = "/latest/meta-data/iam/security-credentials/";
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
const HOUR = inSeconds(3600);
let waited = 0;
let counted = { all: 0, assumeRole: 0 };

createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    if (request.url === "/count") {
      response.end(JSON.stringify(counted));
      counted = { all: 0, assumeRole: 0 };
      return;
    }
    counted.all++;
    if (request.method === "PUT") return void response.end("token");
    if (request.url === ROLE_PATH) return void response.end("role");
    if (request.url === `${ROLE_PATH}role`) {
      const keys = { AccessKeyId: "ASIAINSTANCE", SecretAccessKey: "secret", Token: "token", Expiration: HOUR };
      return void response.end(JSON.stringify({ Code: "Success", ...keys }));
    }
    counted.assumeRole++;
    if (!request.url.startsWith("/waiting")) return answer(response, HOUR);
    if (waited++ === 0) return answer(response, inSeconds(30));
    setTimeout(() => answer(response, HOUR), 500);
    waited = 0;
  });
}).listen(0, "127.0.0.1", function () {
  process.send({ url: `http://127.0.0.1:${this.address().port}` });
});

function answer(response, expiration) {
  response.setHeader("content-type", "text/xml");
  response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:bench</AssumedRoleId><Arn>arn:aws:sts::222222222222:assumed-role/r/bench</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>${"t".repeat(400)}</SessionToken><Expiration>${expiration}</Expiration></Credentials>
</AssumeRoleResult><ResponseMetadata><RequestId>bench</RequestId></ResponseMetadata></AssumeRoleResponse>`);
}
