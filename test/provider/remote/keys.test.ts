import { privateKeys, worthTrying } from "../../../provider/remote/keys";

const pem = (name: string) => `-----BEGIN OPENSSH PRIVATE KEY-----\n${name}\n-----END OPENSSH PRIVATE KEY-----\n`;

test("a text of several keys gives each of them, in order, and what is no PEM as it is", () => {
  expect(privateKeys(`${pem("b")}\n${pem("a")}`)).toEqual([pem("b"), pem("a")]);
  expect(privateKeys(pem("a").trimEnd())).toEqual([pem("a")]);
  expect(privateKeys("no key")).toEqual(["no key"]);
});

test("of many keys the present one, two before it and the first are tried: sshd counts the tries", () => {
  expect(worthTrying(["d", "c", "b", "a"])).toEqual(["d", "c", "b", "a"]);
  expect(worthTrying(["f", "e", "d", "c", "b", "a"])).toEqual(["f", "e", "d", "a"]);
});
