import * as ipaddr from "ipaddr.js";
import type { Accepts } from "./settings";

/** Ranges with more addresses are as good as everybody: the internet in two halves is the internet. */
const WIDEST = { ipv4: 16, ipv6: 32 };
/** Ranges that nobody reaches from the internet, however wide: RFC 1918, 6598, 3927, 4193, 4291. */
const INTERNAL = ["private", "carrierGradeNat", "linkLocal", "loopback", "uniqueLocal"];

/** Why a range of addresses may not come in: it is too wide, or none that can be judged. Undefined: it may. */
export function rangeProblem(cidr: string): string | undefined {
  const range = rangeOf(cidr);
  if (range === undefined) return 'is no range of addresses as "203.0.113.0/24" or "2001:db8::/48" write one';
  const [first, last, prefix] = range;
  if (isInternal(first) && first.range() === last.range()) return undefined;
  const widest = WIDEST[first.kind()];
  return prefix < widest ? `is wider than /${widest}, which is as good as everybody` : undefined;
}

/** Networks of 96 bits whose last 32 are an IPv4 address: compatible, mapped, behind NAT64. */
const EMBEDDINGS = ["::", "::ffff:0:0", "64:ff9b::"].map((network) => ipaddr.IPv6.parse(network));

/** Its first and last address and its width. An IPv4 range within IPv6 counts as what it stands for. */
function rangeOf(cidr: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr) && /\/(?:0|[1-9]\d?)$/.test(cidr)) {
    return [ipaddr.IPv4.networkAddressFromCIDR(cidr), ipaddr.IPv4.broadcastAddressFromCIDR(cidr), ipaddr.IPv4.parseCIDR(cidr)[1]];
  }
  // Zones ("%eth0") mean nothing to a firewall.
  if (!/^[0-9a-f:.]+\/(?:0|[1-9]\d{0,2})$/i.test(cidr) || !ipaddr.IPv6.isValidCIDR(cidr)) return undefined;
  const [written, prefix] = ipaddr.IPv6.parseCIDR(cidr);
  const embedding = EMBEDDINGS.find((each) => each.match(written, Math.min(prefix, 96)));
  if (embedding !== undefined) return rangeOf(prefix < 96 ? "0.0.0.0/0" : `${written.toByteArray().slice(12).join(".")}/${prefix - 96}`);
  return [ipaddr.IPv6.networkAddressFromCIDR(cidr), ipaddr.IPv6.broadcastAddressFromCIDR(cidr), prefix];
}

function isInternal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return INTERNAL.includes(address.range());
}

/** Whether a range is within those for private use: one of the internet's would hide what is really there. */
export const privateRange: Accepts = (value) => {
  const range = typeof value === "string" ? rangeOf(value) : undefined;
  const inside = range !== undefined && ["private", "carrierGradeNat", "uniqueLocal"].includes(range[0].range()) && range[0].range() === range[1].range();
  return inside ? undefined : "write a range for private use, such as 10.200.0.0/16 or fd00:200::/48";
};

export const address: Accepts = (value) =>
  typeof value === "string" && (ipaddr.IPv4.isValidFourPartDecimal(value) || (/^[0-9a-f:.]+$/i.test(value) && ipaddr.IPv6.isValid(value))) ? undefined : "write an IP address";

/** An address of the host alone, with a port. */
export const ownAddress: Accepts = (value) => {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+|localhost)):[1-9]\d{0,4}$/i.exec(typeof value === "string" ? value : "") ?? [];
  const host = bracketed ?? plain ?? "";
  const own = host === "localhost" || (address(host) === undefined && ipaddr.process(host).range() === "loopback");
  return own ? undefined : 'write an address that only the host itself reaches, "127.0.0.1:9323"';
};
