/** CloudWatch namespace of a stack's own metrics. */
export function metricsNamespace(stack: string): string {
  return `Dockyard/${stack}`;
}

/** How full the data disk is, in percent, by host. */
export const DISK_METRIC = "DataDiskUsed";
/** 1 where a manager sees a leader, 0 where it does not: then the quorum is lost. By host. */
export const QUORUM_METRIC = "SeesQuorum";

/**
 * Sends the metrics with the instance's own role. No credential gets into a list of processes: curl reads them from its
 * standard input. Arguments: region, namespace, host.
 */
export const METRICS_SCRIPT = `#!/bin/sh
set -eu
region=$1 namespace=$2 host=$3
imds=\${DOCKYARD_IMDS:-http://169.254.169.254}
endpoint=\${DOCKYARD_CLOUDWATCH:-https://monitoring.$region.amazonaws.com/}
token=$(curl -fsS -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$imds/latest/api/token")
ask() { printf 'header = "X-aws-ec2-metadata-token: %s"\\n' "$token" | curl -fsS -m 5 -K - "$imds/latest/meta-data/iam/security-credentials/$1"; }
role=$(ask '')
credentials=$(ask "$role")
field() { printf %s "$credentials" | tr -d ' \\n' | sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p"; }
send() {
  {
    printf 'user = "%s:%s"\\n' "$(field AccessKeyId)" "$(field SecretAccessKey)"
    printf 'header = "X-Amz-Security-Token: %s"\\n' "$(field Token)"
  } | curl -fsS -m 10 -o /dev/null -K - --aws-sigv4 "aws:amz:$region:monitoring" \\
    --data-urlencode Action=PutMetricData --data-urlencode Version=2010-08-01 --data-urlencode "Namespace=$namespace" \\
    --data-urlencode "MetricData.member.1.MetricName=$1" --data-urlencode "MetricData.member.1.Value=$2" \\
    --data-urlencode MetricData.member.1.Dimensions.member.1.Name=Host --data-urlencode "MetricData.member.1.Dimensions.member.1.Value=$host" \\
    "$endpoint"
}
send ${DISK_METRIC} "$(df --output=pcent /var/lib/docker | tail -n 1 | tr -d ' %')"
if [ "$(docker info --format '{{.Swarm.ControlAvailable}}' 2>/dev/null)" = true ]; then
  if docker node ls >/dev/null 2>&1; then send ${QUORUM_METRIC} 1; else send ${QUORUM_METRIC} 0; fi
fi
`;

export function metricsService(region: string, namespace: string, host: string): string {
  return `[Unit]
Description=Sends this host's metrics to CloudWatch
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/dockyard-metrics ${region} ${namespace} ${host}
`;
}

export const METRICS_TIMER = `[Unit]
Description=Sends this host's metrics to CloudWatch every minute
[Timer]
OnBootSec=1min
OnUnitActiveSec=1min
[Install]
WantedBy=timers.target
`;
