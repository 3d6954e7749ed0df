import { createHash } from "node:crypto";
import * as ipaddr from "ipaddr.js";

/** A range of IPv4 addresses in CIDR form. Swarm's own address pools know no other family. */
export interface Subnet {
  /** Canonical text, "10.144.7.0/24". */
  readonly text: string;
  /** First address as a number, the one that names the subnet. */
  readonly first: number;
  /** Last address as a number, the broadcast address. */
  readonly last: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/**
 * Reads a CIDR strictly: four decimal parts without leading zeros, and no bits set behind the prefix, because an engine
 * would silently cut them off.
 * @throws Error whose message says what to write, fit to follow "found …;"
 */
export function parseSubnet(text: string): Subnet {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || /(^|\.|\/)0\d/.test(text))
    throw new Error('write an IPv4 subnet such as "10.144.7.0/24"');
  const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
  const subnet = makeSubnet(addressNumber(address.toString()), prefix);
  if (subnet.text !== text) throw new Error(`the address has bits behind the prefix: write "${subnet.text}"`);
  return subnet;
}

/** Whether `text` is an IPv4 address in four decimal parts. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) && !/(^|\.)0\d/.test(text);
}

/** A single address as a subnet of one, "10.0.0.1" → 10.0.0.1/32. The address must be valid (`isAddress`). */
export function singleAddress(address: string): Subnet {
  return makeSubnet(addressNumber(address), 32);
}

export function overlap(a: Subnet, b: Subnet): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: Subnet, inner: Subnet): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** The address at an offset from the subnet's first one: 1 is the gateway of every bridge and overlay that Docker makes. */
export function addressAt(subnet: Subnet, offset: number): string {
  return addressText(subnet.first + offset);
}

/** How many subnets of the prefix length `size` fit into the pool; 0 when one is larger than the pool. */
export function slotCount(pool: Subnet, size: number): number {
  return size < pool.prefix ? 0 : 2 ** (size - pool.prefix);
}

/** The subnet of prefix length `size` at position `slot` of the pool, counted from 0. */
export function slotAt(pool: Subnet, size: number, slot: number): Subnet {
  return makeSubnet(pool.first + slot * 2 ** (32 - size), size);
}

/** A position among `slots` that depends on the name alone, spread evenly. */
export function slotOfName(name: string, slots: number): number {
  return createHash("sha256").update(name).digest().readUIntBE(0, 6) % slots;
}

function makeSubnet(address: number, prefix: number): Subnet {
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { text: `${addressText(first)}/${prefix}`, first, last: first + size - 1, prefix };
}

function addressNumber(address: string): number {
  return ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, octet) => sum * 256 + octet, 0);
}

function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** The subnet that an address with a prefix length stands in, "172.26.0.1/16" → 172.26.0.0/16; undefined when it is none. */
export function enclosingSubnet(text: string): Subnet | undefined {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return undefined;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
  return makeSubnet(addressNumber(address.toString()), prefix);
}
