import { stringify } from "yaml";
import { STANDIN_ARCHIVE } from "./names";

/** Any digest: the operator's settings put the platform's own image in its place. */
const IMAGE = `standin@sha256:${"5".repeat(64)}`;
/** Room for a thousand tasks; outside of every pool of the default configuration. */
const SUBNET = "10.160.0.0/20";
/** Repository of the stand-in's image in the platform's registry. */
export const REPOSITORY = "bench/standin";
/** Name of a service that runs on every host from the start, so that the image is there before anything is measured. */
const WARM = "warm";

/** An application as its developer and its operator write it down. */
export interface BundleFiles {
  readonly dab: string;
  readonly settings: string;
}

/**
 * An application of small services, each one task that waits for its end, on a network of their own; and one that brings the image to
 * every host.
 * @param release value of an environment variable, by the number of the service: another value is another version
 */
export function smallServices(count: number, release: (service: number) => string = () => "1"): BundleFiles {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const service = { Image: IMAGE, Networks: ["default"] };
  const services = Object.fromEntries([WARM, ...numbers.map(serviceName)].map((name) => [name, service]));
  const settings = {
    defaults: { endpointMode: "dnsrr", readOnly: true, environment: { STANDIN_PORTS: "none" } },
    services: Object.fromEntries([[WARM, { mode: "global" }], ...numbers.map((number) => [serviceName(number), { replicas: 1, environment: { RELEASE: release(number) } }])]),
    networks: { default: { subnet: SUBNET } },
    relocate: { [IMAGE]: { archive: STANDIN_ARCHIVE, repository: REPOSITORY } },
  };
  return { dab: JSON.stringify({ Version: "0.1", Services: services }, undefined, 1), settings: stringify(settings) };
}

/** The same small services for `docker stack deploy`, without the one that warms the hosts up. */
export function composeFile(count: number, image: string, release: (service: number) => string = () => "1"): string {
  const service = (number: number) => ({
    image,
    read_only: true,
    environment: { STANDIN_PORTS: "none", RELEASE: release(number) },
    networks: ["default"],
    deploy: { replicas: 1, endpoint_mode: "dnsrr" },
  });
  const services = Object.fromEntries(Array.from({ length: count }, (_, index) => [serviceName(index + 1), service(index + 1)]));
  return stringify({ version: "3.8", services, networks: { default: { driver: "overlay", ipam: { config: [{ subnet: "10.161.0.0/20" }] } } } });
}

/** Counted from 1. */
export function serviceName(number: number): string {
  return `s${String(number).padStart(3, "0")}`;
}
