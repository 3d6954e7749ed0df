import { DIGEST_REFERENCE_PATTERN } from "../../components/bundle/image";
import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { JOB, type ResourceRule, SERVICE } from "./rule";

/** "sha256:…": an image by its id, as it is on the hosts it was loaded onto. */
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

export const imagePinned: ResourceRule<Pick<ServiceInputs, "image">> = {
  name: "image-pinned",
  description: "Images are named by digest or id: a tag can be moved, so that hosts run different code under one name and nobody can go back to what ran before.",
  level: "mandatory",
  types: [SERVICE, JOB],
  *check({ image }) {
    if (IMAGE_ID.test(image) || DIGEST_REFERENCE_PATTERN.test(image)) return;
    yield `image: "${image}" is pinned by nothing; write name@sha256:<64 lowercase hex digits>, or relocate it in the application's settings`;
  },
};
