import { ROLES_LABEL } from "../components/registry/config";
import type { ImageConfig } from "./imageArchive";

/** One image built from Go programs: no registry, no shell and no distribution inside. */
export interface ImageDefinition {
  /** Name and tag that `docker load` gives it. */
  readonly reference: string;
  /** Programs of {@link PROGRAMS}, put at the root of the file system. */
  readonly programs: readonly string[];
  /** Folders that belong to the image's user: a fresh volume mounted there takes over their owner. */
  readonly ownFolders: readonly string[];
  /** Files of this folder (lab/), by their path in the image. */
  readonly files: Readonly<Record<string, string>>;
  readonly config: ImageConfig;
}

/** The user of every image. It has no name: there is no /etc/passwd. */
export const IMAGE_USER = 65532;

/** Where each program's sources are: a Go module, relative to toolchain/, and the package to build from it. */
export const PROGRAMS = [
  { folder: "../lab/images/registry", program: "registry", build: ["-ldflags=-s -w", "."] },
  { folder: "../lab/images/programs", program: "probe", build: ["-ldflags=-s -w", "./probe"] },
  { folder: "../lab/images/programs", program: "standin", build: ["-ldflags=-s -w", "./standin"] },
  { folder: "../bundles/demo/images", program: "web", build: ["-ldflags=-s -w", "./web"] },
  { folder: "../bundles/demo/images", program: "api", build: ["-ldflags=-s -w", "./api"] },
  { folder: "../bundles/demo/images", program: "store", build: ["-ldflags=-s -w", "./store"] },
] as const;

const SECOND = 1_000_000_000;

/** The images of the platform and of the demo, by the name of their archive. */
export const IMAGES = {
  registry: {
    reference: "dockyard/registry:3.1.2",
    programs: ["registry", "probe"],
    ownFolders: ["/var/lib/registry"],
    files: { "/etc/distribution/config.yml": "images/registry/config.yml" },
    config: {
      User: String(IMAGE_USER),
      Entrypoint: ["/registry"],
      Cmd: ["serve", "/etc/distribution/config.yml"],
      // Version 3 sends traces to a collector on the loopback interface unless told otherwise, and logs each failure.
      Env: ["OTEL_TRACES_EXPORTER=none"],
      ExposedPorts: { "5000/tcp": {} },
      Labels: { [ROLES_LABEL]: "1" },
      // With a certificate or without: "/" answers 200 to everybody, also where /v2/ asks for a password.
      Healthcheck: healthcheck(["/probe", "https://127.0.0.1:5000/", "http://127.0.0.1:5000/"]),
    },
  },
  "demo-web": demo("web", 8080),
  "demo-api": demo("api", 8081),
  "demo-store": { ...demo("store", 8082), ownFolders: ["/data"] },
  standin: {
    reference: "dockyard/standin:1.0.0",
    programs: ["standin"],
    ownFolders: [],
    files: {},
    config: { User: String(IMAGE_USER), Entrypoint: ["/standin"], ExposedPorts: { "80/tcp": {}, "5432/tcp": {}, "6379/tcp": {} } },
  },
} as const satisfies Record<string, ImageDefinition>;

/** Name of an image that the laboratory builds. */
export type ImageName = keyof typeof IMAGES;

function demo(name: string, port: number): ImageDefinition {
  return {
    reference: `dockyard/demo-${name}:1.0.0`,
    programs: [name],
    ownFolders: [],
    files: {},
    config: {
      User: String(IMAGE_USER),
      Entrypoint: [`/${name}`],
      ExposedPorts: { [`${port}/tcp`]: {} },
      Healthcheck: healthcheck([`/${name}`, "-probe"]),
    },
  };
}

/** Asked four times a second until the first success: Swarm gives a task its name in DNS only then. */
function healthcheck(command: readonly string[]): ImageConfig["Healthcheck"] {
  return {
    Test: ["CMD", ...command],
    Interval: 5 * SECOND,
    Timeout: 4 * SECOND,
    StartPeriod: 30 * SECOND,
    StartInterval: SECOND / 4,
    Retries: 3,
  };
}
