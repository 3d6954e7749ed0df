/**
 * Which objects the resources of this run stand for. Content that goes from A to B and, after a failed run, back to A leaves
 * two resources in the state for the object A: the one that took it over, and the former one, which the failed run did not come to
 * delete. Deleting the former must not take the object from the living one.
 *
 * The engine asks for every resource's difference, or creates it, before it deletes what is left over.
 */
export class LivingObjects {
  /** By URN, of which one resource lives at a time: type and id of its object. */
  private readonly objects = new Map<string, string>();

  /** The resource goes on with its object. */
  keeps(urn: string, type: string, id: string): void {
    this.objects.set(urn, objectKey(type, id));
  }

  /** The resource is to get another object. */
  leaves(urn: string): void {
    this.objects.delete(urn);
  }

  /** Whether some resource goes on with the object. */
  has(type: string, id: string): boolean {
    return [...this.objects.values()].includes(objectKey(type, id));
  }
}

const objectKey = (type: string, id: string) => JSON.stringify([type, id]);
