import Docker from "dockerode";
import { tarOf } from "../lab/tar";
import { shellOnHost } from "../test/e2e/support/labHost";
import { serviceName } from "./bundle";
import { THEIRS } from "./names";

const FILE = "/root/compose.yaml";
const FILTER = encodeURIComponent(JSON.stringify({ label: [`com.docker.stack.namespace=${THEIRS}`] }));
/** Seconds after which a stack that is not there, or not gone, is an error: 600 services take two small cores seven minutes. */
const PATIENCE = 1800;
/** Seconds between two looks: about as often as the provider looks itself. */
const INTERVAL = 0.15;

const api = (path: string) => `curl -s --unix-socket /var/run/docker.sock 'http://engine/v1.41/${path}'`;

/** The same services the usual way: `docker stack deploy` on a manager, and what it takes until they all run. */
export class StackDeploy {
  /** @param container of the lab host that is a manager */
  constructor(private readonly container: string) {}

  /** Deploys and waits until every service has its task running. @returns milliseconds */
  async deploy(composeFile: string, count: number): Promise<number> {
    await this.put(composeFile);
    const running = `${api(`services?status=true&filters=${FILTER}`)} | grep -o '"RunningTasks":1,' | wc -l`;
    return this.timed(`docker stack deploy --resolve-image never -c ${FILE} ${THEIRS} >/dev/null && ${until(`[ "$(${running})" -ge ${count} ]`)}`);
  }

  /** Changes a variable of the first service, and waits as `docker service update` does by itself. @returns milliseconds */
  async change(name: string, value: string): Promise<number> {
    return this.timed(`docker service update --detach=false --quiet --no-resolve-image --env-add ${quoted(`${name}=${value}`)} ${THEIRS}_${serviceName(1)} >/dev/null`);
  }

  /** Removes the stack and waits until the last task is gone. @returns milliseconds */
  async remove(): Promise<number> {
    const none = `[ "$(${api(`tasks?filters=${FILTER}`)})" = "[]" ]`;
    return this.timed(`docker stack rm ${THEIRS} >/dev/null && ${until(none)}`);
  }

  private async put(composeFile: string): Promise<void> {
    const tar = tarOf([{ path: FILE, content: Buffer.from(composeFile), mode: 0o600 }]);
    await new Docker().getContainer(this.container).putArchive(tar, { path: "/" });
  }

  private async timed(line: string): Promise<number> {
    const start = Date.now();
    await shellOnHost(this.container, line);
    return Date.now() - start;
  }
}

function until(condition: string): string {
  return `timeout ${PATIENCE} sh -c 'until eval "$1"; do sleep ${INTERVAL}; done' sh ${quoted(condition)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
