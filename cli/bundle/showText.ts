import color from "picocolors";
import { withSettings } from "../../components/bundle/merge";
import { byBytes } from "../../components/bundle/byteOrder";
import type { Application, FileSource, Mount, Network, PublishedPort, Service } from "../../components/bundle/model";
import type { ResolveImage } from "../../components/bundle/image";
import { noticeLine } from "../../components/bundle/notice";
import { withAwaitedJobs } from "../../components/bundle/order";
import { table } from "../report";
import { isPinned, lenientImages, sourceText, type Subject } from "./application";

/** The application as its settings make it, to be read by a person: tables, then what is to know of it, then why it is refused. */
export function renderApplication(subject: Subject, problems: readonly string[]): string {
  const application = withAwaitedJobs(withSettings(subject.application, subject.settings));
  const services = byKey(application.services);
  const parts = [
    `Application ${color.bold(subject.stack)} from ${sourceText(subject)}`,
    table(["SERVICE", "IMAGE", "REPLICAS", "PORTS", "NETWORKS", "AFTER"], services.map((service) => serviceRow(service, lenientImages(subject)))),
    table(["NETWORK", "IS", "SERVICES"], byKey(application.networks).map((network) => networkRow(network, services))),
    table(["MOUNT", "SERVICE", "FROM"], services.flatMap(({ key, run }) => (run.mounts ?? []).map((mount) => mountRow(key, mount)))),
    fileTable("secrets", application),
    fileTable("configs", application),
    subject.notices.map((notice) => (notice.severity === "warning" ? color.yellow(noticeLine(notice)) : noticeLine(notice))).join("\n"),
    problems.map((problem) => `${color.red("refused")}: ${problem}`).join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function byKey<T extends { readonly key: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => byBytes(a.key, b.key));
}

function serviceRow(service: Service, resolveImage: ResolveImage): string[] {
  const { key, networks, dependsOn = [] } = service;
  return [
    key,
    imageText(service, resolveImage),
    replicasText(service),
    portTexts(service).join(", "),
    [...new Set(networks)].sort(byBytes).join(", "),
    [...new Set(dependsOn.map((each) => each.service))].sort(byBytes).join(", "),
  ];
}

/** Digests are cut, as the docker client cuts them. */
function imageText({ image }: Service, resolveImage: ResolveImage): string {
  const planned = resolveImage(image);
  if (planned?.kind === "archive") return `${planned.repository} from ${planned.archive}`;
  const reference = planned?.reference ?? image;
  if (!isPinned(reference)) return `${image === "" ? "none" : image} ${color.yellow("(no digest)")}`;
  return reference.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1");
}

/** An open count is the operator's to scale; only at creation somebody must choose one. */
function replicasText({ run }: Service): string {
  if (run.job) return run.replicas === undefined || run.replicas === 1 ? "job, once a change" : `job, ${run.replicas} tasks`;
  if (run.mode === "global") return "every host";
  return run.replicas === undefined ? `${run.initialReplicas ?? 1}, then as scaled` : String(run.replicas);
}

/** Published ports as the docker client writes them; the others in brackets, as only the application's networks reach them. */
function portTexts({ run: { ports = [], declaredPorts }, exposes }: Service): string[] {
  const published = new Set(ports.map(({ target, protocol = "tcp" }) => `${target}/${protocol}`));
  const inside = exposes.map(({ port, protocol }) => `${port}/${protocol}`).filter((port) => !published.has(port));
  return [...ports.map(publishedText), ...[...new Set(inside)].map((port) => (declaredPorts === "ingress" ? `any->${port} ingress` : `(${port})`))];
}

const publishedText = ({ target, published, protocol = "tcp", mode = "ingress" }: PublishedPort): string => `${published ?? "any"}->${target}/${protocol} ${mode}`;

function networkRow(network: Network, services: readonly Service[]): string[] {
  const attached = services.filter((service) => service.networks.includes(network.key)).map(({ key }) => key);
  return [network.key, networkText(network), attached.join(", ")];
}

function networkText(network: Network): string {
  if (network.kind === "external") return network.network === network.key ? "the platform's" : `the platform's ${network.network}`;
  const { encrypted, internal, attachable, subnet, name } = network;
  const said = [encrypted && "encrypted", internal && "internal", attachable && "attachable", subnet, name !== undefined && `named ${name}`];
  return ["its own", ...said.filter(Boolean)].join(", ");
}

function mountRow(service: string, { type, source, target, readOnly, external, volumeName }: Mount): string[] {
  const volume = external ? `volume ${source}, which is there already` : `volume ${volumeName ?? source ?? "without a name"}`;
  const from = type === "tmpfs" ? "memory" : type === "bind" ? `${source} of the host` : volume;
  return [target, service, `${from}${readOnly ? ", read-only" : ""}`];
}

/** Where each comes from, never what is in it. */
function fileTable(kind: "secrets" | "configs", application: Application): string {
  const files = byKey(application[kind] ?? []);
  const users = (key: string) => byKey(application.services).filter(({ run }) => run[kind]?.some(({ source }) => source === key));
  return table([kind.slice(0, -1).toUpperCase(), "FROM", "SERVICES"], files.map(({ key, source }) => [key, sourceOf(source), users(key).map((service) => service.key).join(", ")]));
}

function sourceOf(source: FileSource): string {
  switch (source.kind) {
    case "file":
      return `file ${source.path}`;
    case "environment":
    case "unnamed":
      return `variable ${source.variable}`;
    case "fromConfig":
      return `stack configuration ${source.key}`;
    case "inline":
      return `its file, ${Buffer.byteLength(source.content)} bytes`;
    case "external":
      return `the Swarm's ${source.name}`;
  }
}
