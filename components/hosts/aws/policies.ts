/** A policy in the language of IAM. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string>> | "*";
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const document = (...Statement: Statement[]): PolicyDocument => ({ Version: "2012-10-17", Statement });

/** Instances may take the role. */
export function instancesMayAssume(): PolicyDocument {
  return document({ Sid: "Instances", Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } });
}

/** What the registry needs of its bucket, no more: distribution's documentation of the s3 driver. */
export function registryAccess(bucketArn: string): PolicyDocument {
  return document(
    { Sid: "RegistryBucket", Effect: "Allow", Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], Resource: bucketArn },
    { Sid: "RegistryObjects", Effect: "Allow", Action: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"], Resource: `${bucketArn}/*` },
  );
}

/**
 * What passes the way to S3 that the VPC has for itself: everything to buckets of the given accounts, and reading from others, where packages
 * and layers of images come from. So nobody on a host writes to a bucket of his own by it, whatever keys he brings along.
 */
export function endpointAccess(accounts: readonly string[]): PolicyDocument {
  return document(
    { Sid: "OwnBuckets", Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*", Condition: { StringEquals: { "aws:ResourceAccount": accounts } } },
    { Sid: "ReadElsewhere", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" },
  );
}

/** The key of the buckets, through S3 alone. */
export function keyAccess(keyArn: string, region: string): PolicyDocument {
  return document({
    Sid: "BucketKey",
    Effect: "Allow",
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: keyArn,
    Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
  });
}

/** Metrics of the hosts, in the namespace of their stack alone. PutMetricData knows no resources. */
export function metricsAccess(namespace: string): PolicyDocument {
  return document({ Sid: "OwnMetrics", Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*", Condition: { StringEquals: { "cloudwatch:namespace": namespace } } });
}

/** What flow logs are written with, into their own log group. */
export function flowLogsMayAssume(account: string): PolicyDocument {
  return document({
    Sid: "FlowLogs",
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { Service: "vpc-flow-logs.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  });
}

export function flowLogsAccess(logGroupArn: string): PolicyDocument {
  return document({ Sid: "WriteFlowLogs", Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], Resource: [logGroupArn, `${logGroupArn}:*`] });
}

/** Whatever else allows it: nobody talks to the bucket without TLS 1.2. */
export function bucketOnlyOverTls(bucketArn: string): PolicyDocument {
  const everything = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [bucketArn, `${bucketArn}/*`] } as const;
  return document(
    { Sid: "OnlyTls", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "OnlyTls12", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  );
}
