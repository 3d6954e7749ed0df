import * as policies from "../../../../components/hosts/aws/policies";

const BUCKET = "arn:aws:s3:::b";
const actions = ({ Statement }: policies.PolicyDocument) => Statement.flatMap(({ Action }) => Action);

describe("rights of instances", () => {
  const granted = [policies.registryAccess(BUCKET), policies.keyAccess("arn:aws:kms:r:1:key/k", "eu-west-1"), policies.metricsAccess("Dockyard/prod"), policies.flowLogsAccess("arn:aws:logs:r:1:log-group:g")];

  it("name each action, none by a wildcard", () => expect(granted.flatMap(actions).filter((action) => action.includes("*"))).toEqual([]));
  it("name each resource, but where AWS knows none, and there a condition", () => {
    const everywhere = granted.flatMap(({ Statement }) => Statement).filter(({ Resource }) => Resource === "*");
    expect(everywhere).toEqual([expect.objectContaining({ Sid: "OwnMetrics", Condition: { StringEquals: { "cloudwatch:namespace": "Dockyard/prod" } } })]);
  });
  it("use the buckets' key through S3 alone", () => expect(policies.keyAccess("k", "eu-west-1").Statement[0]!.Condition).toEqual({ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }));
});

it("a bucket is spoken to over TLS 1.2, by whomever", () => {
  const { Statement } = policies.bucketOnlyOverTls(BUCKET);
  for (const statement of Statement) expect(statement).toMatchObject({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [BUCKET, `${BUCKET}/*`] });
  expect(Statement.map(({ Condition }) => Condition)).toEqual([{ Bool: { "aws:SecureTransport": "false" } }, { NumericLessThan: { "s3:TlsVersion": "1.2" } }]);
});

describe("the VPC's own way to S3", () => {
  const { Statement } = policies.endpointAccess(["123456789012", "210987654321"]);
  /** Whether an action on a bucket of an account passes: some statement allows it, and none denies anything. */
  const passes = (action: string, owner: string) =>
    Statement.some(({ Effect, Action, Condition }) => {
      const owners = Condition?.["StringEquals"]?.["aws:ResourceAccount"];
      return Effect === "Allow" && (Action === "s3:*" || [Action].flat().includes(action)) && (owners === undefined || owners.includes(owner));
    });

  it.each([
    ["s3:PutObject", "123456789012", true],
    ["s3:DeleteObject", "123456789012", true],
    ["s3:ListBucket", "123456789012", true],
    ["s3:PutObject", "210987654321", true],
    ["s3:GetObject", "666666666666", true],
    ["s3:PutObject", "666666666666", false],
    ["s3:PutObjectAcl", "666666666666", false],
    ["s3:CreateMultipartUpload", "666666666666", false],
    ["s3:ListBucket", "666666666666", false],
    ["s3:DeleteObject", "666666666666", false],
    ["s3:CreateBucket", "666666666666", false],
    ["s3:PutBucketPolicy", "666666666666", false],
  ])("%s on a bucket of %s: %s", (action, owner, allowed) => expect(passes(action, owner)).toBe(allowed));
});
