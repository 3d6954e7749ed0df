import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE } from "./rule";
import { type Accepts, mapping, oneOf, text } from "./settings";

/** Drivers that keep the output on its host. */
export const logDriver = oneOf("local", "json-file", "journald", "none");

const yesOrNo = oneOf("true", "false");
/** Options that say how much is kept and by which name; none that adds variables or sends anything anywhere. */
export const logOptions: Accepts = mapping({
  "max-size": text(/^\d{1,9}[kmg]?$/i, '"10m"'),
  "max-file": text(/^[1-9]\d{0,3}$/, '"3"'),
  compress: yesOrNo,
  mode: oneOf("blocking", "non-blocking"),
  "max-buffer-size": text(/^\d{1,9}[kmg]?$/i, '"4m"'),
  labels: text(/^[\w.,-]{1,1000}$/, "names of labels"),
  tag: text(/^[\w.{}/ -]{1,200}$/, '"{{.Name}}"'),
});

export const logDrivers: ResourceRule<Pick<ServiceInputs, "name" | "logDriver">> = {
  name: "log-drivers",
  description: "What services write stays on its host, by a driver and options that are known: others send it elsewhere, mostly in the clear, add variables of the environment to each line, or have a token among their options.",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService('a log driver ("fluentd")'),
  *check({ name, logDriver: driver }, allowed) {
    if (driver === undefined || isAllowed(allowed, name, driver.name)) return;
    const unknown = logDriver(driver.name);
    if (unknown !== undefined) yield `logDriver.name: ${JSON.stringify(driver.name)} is not allowed; ${unknown}, or allow the driver`;
    const option = logOptions(driver.options ?? {});
    if (option !== undefined) yield `logDriver.options: ${option}`;
  },
};
