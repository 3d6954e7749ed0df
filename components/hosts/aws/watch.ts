import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import { AwsComponent } from "./awsComponent";
import { DISK_METRIC, metricsNamespace, QUORUM_METRIC } from "./boot/metrics";
import type { AwsInstances } from "./instances";
import type { AwsNetwork } from "./network";
import type { AwsPlan } from "./plan";
import { flowLogsAccess, flowLogsMayAssume } from "./policies";

/** Percent of the data disk from which on somebody is told. */
const DISK_FULL = 85;

/** Records of connections, and alarms for a host that is down, a disk that fills up and a quorum in danger: what is asked for. */
export class AwsWatch extends AwsComponent {
  constructor(
    name: string,
    plan: AwsPlan,
    private readonly ground: { readonly network: AwsNetwork; readonly instances: AwsInstances; readonly account: pulumi.Output<string> },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("AwsWatch", name, plan, opts);
    if (plan.settings.flowLogs !== undefined) this.flowLogs(plan.settings.flowLogs);
    if (plan.settings.alarms !== undefined) for (const machine of plan.machines) this.alarms(machine.name, machine.resource, machine.role);
    this.complete();
  }

  private flowLogs(days: number): void {
    const group = new cloudwatch.LogGroup(this.child("flow-logs"), { name: `/${this.prefix}/flow-logs`, retentionInDays: retention(days), tags: this.tags("flow-logs") }, this.under());
    const role = new iam.Role(
      this.child("flow-logs"),
      { path: this.iamPath, assumeRolePolicy: this.ground.account.apply((account) => JSON.stringify(flowLogsMayAssume(account))), tags: this.tags("flow-logs") },
      this.under(),
    );
    const rights = new iam.RolePolicy(this.child("flow-logs"), { role: role.name, policy: group.arn.apply((arn) => JSON.stringify(flowLogsAccess(arn))) }, this.under());
    new ec2.FlowLog(
      this.child("flow-logs"),
      { vpcId: this.ground.network.vpc, trafficType: "ALL", logDestination: group.arn, iamRoleArn: role.arn, maxAggregationInterval: 60, tags: this.tags("flow-logs") },
      this.under({ dependsOn: [rights] }),
    );
  }

  private alarms(host: string, resource: string, role: "manager" | "worker"): void {
    const own = { namespace: metricsNamespace(this.plan.stack), dimensions: { Host: host } };
    const instance = this.ground.instances.instances.get(host)!;
    this.alarm(`down-${resource}`, `${host} is down`, {
      namespace: "AWS/EC2",
      metricName: "StatusCheckFailed",
      dimensions: { InstanceId: instance.id },
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 2,
    });
    this.alarm(`disk-${host}`, `the data disk of ${host} is more than ${DISK_FULL} % full, or the host tells nothing`, {
      ...own,
      metricName: DISK_METRIC,
      comparisonOperator: "GreaterThanThreshold",
      threshold: DISK_FULL,
      evaluationPeriods: 5,
    });
    if (role !== "manager") return;
    this.alarm(`quorum-${host}`, `${host} sees no leader of the Swarm, or tells nothing`, {
      ...own,
      metricName: QUORUM_METRIC,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 3,
    });
  }

  private alarm(suffix: string, description: string, args: Pick<cloudwatch.MetricAlarmArgs, "namespace" | "metricName" | "dimensions" | "comparisonOperator" | "threshold" | "evaluationPeriods">): void {
    const topic = this.plan.settings.alarms!;
    new cloudwatch.MetricAlarm(
      this.child(suffix),
      // A host that says nothing is no host that is well.
      { name: `${this.prefix}-${suffix}`, alarmDescription: description, statistic: "Maximum", period: 60, treatMissingData: "breaching", alarmActions: [topic], okActions: [topic], tags: this.tags(suffix), ...args },
      this.under(),
    );
  }
}

/** CloudWatch keeps logs for one of these numbers of days: the first that is long enough. */
const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

function retention(days: number): number {
  return RETENTIONS.find((each) => each >= days)!;
}
