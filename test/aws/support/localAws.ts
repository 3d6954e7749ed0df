import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { once } from "node:events";
import { moto, motoPython } from "../../../toolchain/moto";

/** A local AWS API on loopback. It ends with this process, however that ends: it lives while its standard input is open. */
export class LocalAws {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: Interface,
    /** "http://127.0.0.1:PORT" */
    readonly url: string,
  ) {}

  static async start(): Promise<LocalAws> {
    if (!(await moto.satisfied())) await moto.run(() => undefined);
    const child = spawn(motoPython(), [join(__dirname, "server.py")], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout! });
    const [port] = (await Promise.race([once(lines, "line"), once(child, "exit").then(([code]) => Promise.reject(new Error(`moto ended with code ${code} before it served`)))])) as [string];
    return new LocalAws(child, lines, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    this.child.stdin!.end();
    if (this.child.exitCode === null) await once(this.child, "exit");
  }

  /** Debian publishes another image. @returns its id */
  async publishImage(name: string): Promise<string> {
    const answered = once(this.lines, "line");
    this.child.stdin!.write(`${name}\n`);
    return ((await answered) as [string])[0];
  }

  /** Asks one of the APIs that answer in XML, as the console would. @returns the answer's text */
  async ask(service: "ec2" | "elasticloadbalancing", action: string, parameters: Readonly<Record<string, string>> = {}, region = "eu-central-1"): Promise<string> {
    const version = { ec2: "2016-11-15", elasticloadbalancing: "2015-12-01" }[service];
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", authorization: signature(service, region) },
      body: new URLSearchParams({ Action: action, Version: version, ...parameters }).toString(),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`);
    return text;
  }

  /** Makes a hosted zone of Route 53. @returns its id */
  async hostedZone(name: string): Promise<string> {
    const body = `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>${name}</Name><CallerReference>test</CallerReference></CreateHostedZoneRequest>`;
    const response = await fetch(`${this.url}/2013-04-01/hostedzone`, { method: "POST", headers: { authorization: signature("route53", "us-east-1") }, body });
    const text = await response.text();
    const [, id] = /<Id>\/hostedzone\/([A-Z0-9]+)</.exec(text) ?? [];
    if (!id) throw new Error(`no hosted zone: ${response.status} ${text}`);
    return id;
  }
}

/** Not checked, but where the local API reads service and region from. */
function signature(service: string, region: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}
