import { ConfigurationError } from "../../../components/config";

export const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPJrrLrp2VY0ocVyg+2NHW4vrlTqhzq5YoN3ArkHQnE";

/** A lab of a manager and a worker. `hosts` are put in place of these two, anything else beside them. */
export function lab({ hosts, ...more }: { hosts?: object[]; [key: string]: unknown } = {}): Record<string, unknown> {
  return {
    hosts: {
      source: "lab",
      hosts: hosts ?? [
        { name: "m1", role: "manager", address: "10.213.0.11", labels: { registry: true } },
        { name: "w1", address: "10.213.0.12" },
      ],
    },
    registry: { node: hosts ? (hosts[0] as { name: string }).name : "registry=true" },
    ...more,
  };
}

/** Two machines, the manager behind a name. */
export function bare(first: object = {}, second: object = {}, more: object = {}): Record<string, unknown> {
  return {
    hosts: {
      source: "bare",
      hosts: [
        {
          name: "m1",
          role: "manager",
          address: "m1.example.net",
          privateAddress: "10.0.0.11",
          user: "admin",
          keyFile: "/keys/m1",
          hostKey: HOST_KEY,
          zone: "a",
          ...first,
        },
        { name: "w1", address: "10.0.0.12", port: 2222, hostKey: HOST_KEY, labels: { storage: "ssd" }, ...second },
      ],
    },
    registry: { node: "w1" },
    ...more,
  };
}

/** What a refusal says, a line for each problem. */
export function problemsOf(attempt: () => unknown): string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split("\n  ").slice(1);
    throw error;
  }
  return [];
}
