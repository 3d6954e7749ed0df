import { noOpenPorts } from "../../policy/rules/aws";
import { findings, table } from "./support";

const v4 = (cidrIpv4: string, port = 22) => ({ cidrIpv4, ipProtocol: "tcp", fromPort: port, toPort: port });
const v6 = (cidrIpv6: string, port = 22) => ({ cidrIpv6, ipProtocol: "tcp", fromPort: port, toPort: port });
const range = (fromPort: number, toPort: number, ipProtocol = "tcp") => ({ cidrIpv4: "0.0.0.0/0", ipProtocol, fromPort, toPort });

table(noOpenPorts, {
  refused: [
    // By width.
    ...["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2", "0.0.0.0/8", "1.0.0.0/8", "8.0.0.0/9", "203.0.0.0/15", "10.0.0.0/7", "172.0.0.0/8", "172.16.0.0/11", "192.168.0.0/15", "100.64.0.0/9", "169.0.0.0/8", "126.0.0.0/7"].map((cidr) => v4(cidr)),
    ...["::/0", "::/1", "8000::/1", "2000::/3", "2000::/16", "2001::/31", "2a00::/12", "fc00::/6", "fe00::/9", "::ffff:0:0/96", "::ffff:0.0.0.0/96", "::ffff:0.0.0.0/97", "::ffff:128.0.0.0/97", "::ffff:203.0.0.0/111", "::/96", "::ffff:0:0/95", "64:ff9b::/96", "64:ff9b::/97"].map((cidr) => v6(cidr)),
    // In spellings that no one else would write; what cannot be judged is not let through.
    ...["0/0", "0.0/0", "0.0.0.0/00", "00.0.0.0/0", "0x0.0.0.0/0", "0.0.0.0/0x0", "0.0.0.0/+0", "0.0.0.0/-0", "0.0.0.0/ 0", " 0.0.0.0/0", "0.0.0.0/0 ", "0.0.0.0/0\n", "0.0.0.0", "0.0.0.0/", "/0", "", "any", "*", "0.0.0.0/0.0.0.0", "0.0.0.0-255.255.255.255", "010.0.0.0/8", "255.255.255.255/0", "203.0.113.7/0", "10.0.0.1/0", "10.0.0.1/1", "0.0.0.0/33", "256.0.0.0/24", "1e1.0.0.0/8", "٠.0.0.0/0"].map((cidr) => v4(cidr)),
    ...["0:0:0:0:0:0:0:0/0", "0::0/0", "::0/00", "::/0 ", "::%eth0/0", "[::]/0", "::/129", "::", "0000::/0", "::0.0.0.0/0", "FFFF::/0", "fd00::/0", "::ffff:10.0.0.0/1"].map((cidr) => v6(cidr)),
    // On other ports, and on more than one.
    v4("0.0.0.0/1", 2375), v4("0.0.0.0/1", 2377), v4("0.0.0.0/0", 0), v4("0.0.0.0/0", 65535), range(80, 443), range(443, 80), range(0, 65535), range(443, 443, "-1"), range(443, 443, "icmp"), range(443, 443, "all"), range(443, 443, ""), range(443, 443, "50"),
    { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443 }, { cidrIpv4: "0.0.0.0/0" }, { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", toPort: 443 },
    // In the words of each resource.
    { type: "ingress", cidrBlocks: ["203.0.113.0/24", "0.0.0.0/1"], protocol: "tcp", fromPort: 22, toPort: 22 },
    { type: "ingress", ipv6CidrBlocks: ["::/1"], protocol: "6", fromPort: 22, toPort: 22 },
    { ingress: [{ cidrBlocks: ["10.0.0.0/8"], protocol: "tcp", fromPort: 22, toPort: 22 }, { ipv6CidrBlocks: ["8000::/1"], protocol: "tcp", fromPort: 22, toPort: 22 }] },
    { prefixListId: "pl-0123456789abcdef0", ipProtocol: "tcp", fromPort: 22, toPort: 22 },
    { ingress: [{ prefixListIds: ["pl-1"], protocol: "tcp", fromPort: 22, toPort: 22 }] },
    { type: "Egress", cidrBlocks: ["0.0.0.0/0"], protocol: "tcp", fromPort: 22, toPort: 22 },
  ],
  accepted: [
    ...["203.0.113.7/32", "203.0.113.0/24", "198.51.0.0/16", "203.0.113.7/24", "10.0.0.0/8", "10.1.2.3/8", "172.16.0.0/12", "192.168.0.0/16", "192.168.1.0/24", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"].map((cidr) => v4(cidr)),
    ...["2001:db8::/32", "2001:db8:1::/48", "2001:db8::1/128", "fd00::/8", "fc00::/7", "fe80::/10", "::1/128", "::ffff:203.0.113.0/120", "::ffff:10.0.0.0/104", "64:ff9b::203.0.113.0/120", "2001:0DB8:0000::/48", "2001:db8:0:0:0:0:0:0/32"].map((cidr) => v6(cidr)),
    ...[80, 443].flatMap((port) => [v4("0.0.0.0/0", port), v6("::/0", port), v4("0.0.0.0/1", port), v4("nonsense", port)]),
    range(443, 443, "udp"), range(443, 443, "17"), range(80, 80, "6"), range(443, 443, "TCP"),
    { prefixListId: "pl-0123456789abcdef0", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
    { type: "egress", cidrBlocks: ["0.0.0.0/0"], protocol: "-1", fromPort: 0, toPort: 0 },
    { ingress: [] },
    {},
  ],
});

it("aws-no-open-ports says which range, why, and on which port", () =>
  expect(findings(noOpenPorts, { cidrBlocks: ["10.0.0.0/8", "0.0.0.0/1", "0/0"], protocol: "tcp", fromPort: 22, toPort: 22 })).toEqual([
    expect.stringMatching(/^0\.0\.0\.0\/1 is wider than \/16, which is as good as everybody, 0\/0 is no range of addresses .*, and may come in on port 22; /),
  ]));
