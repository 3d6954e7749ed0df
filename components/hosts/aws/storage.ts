import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { AwsComponent } from "./awsComponent";
import type { AwsPlan } from "./plan";
import { bucketOnlyOverTls } from "./policies";

/** Days that replaced and deleted objects, and uploads that were never finished, are kept. */
const FORMER_VERSIONS = 30;
const UNFINISHED_UPLOADS = 7;

/** Private buckets: for the registry's images, for backups. Both outlive `destroy` unless they are empty. */
export class AwsStorage extends AwsComponent {
  readonly registry?: s3.Bucket;
  readonly backups?: s3.Bucket;

  constructor(
    name: string,
    plan: AwsPlan,
    private readonly account: pulumi.Output<string>,
    wanted: { registry: boolean },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("AwsStorage", name, plan, opts);
    const { backups } = plan.settings;
    if (wanted.registry) this.registry = this.bucket("registry", {}).bucket;
    if (backups) {
      const { bucket, versions } = this.bucket("backups", { keep: backups.keep, lock: backups.lock !== undefined });
      this.backups = bucket;
      // A lock is on versions: it comes after them, and has to go before they are suspended.
      if (backups.lock !== undefined) this.lock(bucket, versions, backups.lock, backups.lockMode);
    }
    this.complete({ registry: this.registry?.bucket, backups: this.backups?.bucket });
  }

  private bucket(purpose: string, { keep, lock = false }: { keep?: number; lock?: boolean }): { bucket: s3.Bucket; versions: s3.BucketVersioning } {
    const own = (suffix: string) => this.child(`${purpose}-${suffix}`);
    const bucket = new s3.Bucket(
      this.child(purpose),
      // The account's number makes the name the platform's own among all buckets of the world.
      { bucket: pulumi.interpolate`${this.prefix}-${purpose}-${this.account}`, objectLockEnabled: lock, forceDestroy: false, tags: this.tags(purpose) },
      this.under(),
    );
    const of = this.under({ parent: bucket });
    const closed = new s3.BucketPublicAccessBlock(
      own("private"),
      { bucket: bucket.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      of,
    );
    new s3.BucketOwnershipControls(own("ownership"), { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } }, of);
    const versions = new s3.BucketVersioning(own("versions"), { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } }, of);
    const { kmsKey } = this.plan.settings;
    new s3.BucketServerSideEncryptionConfiguration(
      own("encryption"),
      {
        bucket: bucket.id,
        rules: [{ applyServerSideEncryptionByDefault: kmsKey ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKey } : { sseAlgorithm: "AES256" }, bucketKeyEnabled: kmsKey !== undefined }],
      },
      of,
    );
    new s3.BucketLifecycleConfiguration(
      own("lifecycle"),
      {
        bucket: bucket.id,
        rules: [
          { id: "unfinished-uploads", status: "Enabled", filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_UPLOADS } },
          { id: "former-versions", status: "Enabled", filter: { prefix: "" }, noncurrentVersionExpiration: { noncurrentDays: FORMER_VERSIONS } },
          ...(keep === undefined ? [] : [{ id: "old", status: "Enabled", filter: { prefix: "" }, expiration: { days: keep } }]),
        ],
      },
      pulumi.mergeOptions(of, { dependsOn: [versions] }),
    );
    // Two changes of a bucket's policies at once are refused by S3.
    new s3.BucketPolicy(own("policy"), { bucket: bucket.id, policy: bucket.arn.apply((arn) => JSON.stringify(bucketOnlyOverTls(arn))) }, pulumi.mergeOptions(of, { dependsOn: [closed] }));
    return { bucket, versions };
  }

  private lock(bucket: s3.Bucket, versions: s3.BucketVersioning, days: number, mode: "governance" | "compliance"): void {
    new s3.BucketObjectLockConfiguration(
      this.child("backups-lock"),
      { bucket: bucket.id, rule: { defaultRetention: { mode: mode.toUpperCase(), days } } },
      this.under({ parent: bucket, dependsOn: [versions] }),
    );
  }
}
