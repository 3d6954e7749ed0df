import { isLabHost } from "./lab";
import { PRIVATE_KEY, type ResourceRule, type StackResource, type StackRule } from "./rule";

/** Inputs of the certificates of @pulumi/tls, as far as rules look at them. */
interface CertificateInputs {
  readonly isCaCertificate?: boolean;
  readonly validityPeriodHours?: number;
  readonly earlyRenewalHours?: number;
}

/** 90 days, in hours. */
const LONGEST_LIFE = 90 * 24;

export const shortLivedCertificates: ResourceRule<CertificateInputs> = {
  name: "short-lived-certificates",
  description: "Certificates that an authority signs are valid for 90 days at most and are renewed before they end: one whose key was taken is good until then, and one that nobody renews takes its service along.",
  level: "mandatory",
  types: ["tls:index/locallySignedCert:LocallySignedCert"],
  *check({ isCaCertificate, validityPeriodHours: life = 0, earlyRenewalHours: renewal = 0 }) {
    if (isCaCertificate) return;
    if (life > LONGEST_LIFE) yield `validityPeriodHours: ${life} is more than ${LONGEST_LIFE}; write that, or less`;
    if (renewal <= 0 || renewal >= life) yield `earlyRenewalHours: ${renewal} renews it too late or all the time; write a number between 1 and ${life - 1}`;
  },
};

export const protectedAuthority: StackRule = {
  name: "protected-authority",
  description: "Root certificates and their keys are protected, but for those of a laboratory: whatever trusts a root that was made anew by accident has to be told, machine by machine.",
  level: "mandatory",
  allow: "the logical name of the root certificate or of its key",
  *checkAll(resources, allowed) {
    if (resources.some(isLabHost)) return;
    const open = ({ name, protect }: StackResource) => !protect && !allowed.includes(name);
    const roots = resources.filter(({ type, props }) => type === "tls:index/selfSignedCert:SelfSignedCert" && props["isCaCertificate"] === true);
    for (const { name } of roots.filter(open)) yield `${name} is a root certificate and not protected; set protect: true`;
    // At the preview that makes them their keys are not known yet: the rule ends here then.
    const pems = roots.map(({ props }) => props["privateKeyPem"]);
    const keys = resources.filter(({ type, props }) => type === PRIVATE_KEY && pems.includes(props["privateKeyPem"]));
    for (const { name } of keys.filter(open)) yield `${name} is the key of a root certificate and not protected; set protect: true`;
  },
};
