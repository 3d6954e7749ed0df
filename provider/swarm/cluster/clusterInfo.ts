import type Docker from "dockerode";

/** The parts of Docker's ClusterInfo used here; dockerode has no type for it. */
export interface ClusterInfo {
  ID: string;
  CreatedAt: string;
  Version: { Index: number };
  Spec: ClusterSpec;
  DefaultAddrPool: string[];
  SubnetSize: number;
  DataPathPort: number;
  RootRotationInProgress?: boolean;
  /** The root that nodes trust, and, as soon as a rotation has begun, who signs from then on. */
  TLSInfo?: TlsInfo;
}

export interface TlsInfo {
  TrustRoot?: string;
  CertIssuerSubject?: string;
  CertIssuerPublicKey?: string;
}

export interface ClusterSpec {
  Name?: string;
  Labels?: Record<string, string>;
  Orchestration?: { TaskHistoryRetentionLimit?: number };
  CAConfig?: { NodeCertExpiry?: number; ForceRotate?: number };
  EncryptionConfig?: { AutoLockManagers?: boolean };
  [other: string]: unknown;
}

export function inspectCluster(docker: Docker): Promise<ClusterInfo> {
  return docker.swarmInspect() as Promise<ClusterInfo>;
}
