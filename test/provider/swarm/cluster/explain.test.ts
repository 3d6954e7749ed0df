import { explainCluster } from "../../../../provider/swarm/cluster/explain";

test.each<[string[], boolean, RegExp | undefined]>([
  [["autolock"], true, /^locks the managers' disks: nothing restarts now, .* waits until `up` unlocks it \(dockyard:swarm: \{ autolock: false \}/],
  [["autolock"], false, /^managers need no unlock key any more .*nothing restarts now$/],
  [["taskHistory"], true, undefined],
  [["autolock", "rotation.unlockKey"], true, /^locks .*; makes a new unlock key$/],
])("what a change of %j with autolock %s does is said", (paths, autolock, said) => {
  const text = explainCluster(paths.map((path) => ({ path, kind: "update" })), { autolock });
  if (said) expect(text).toMatch(said);
  else expect(text).toBeUndefined();
});
