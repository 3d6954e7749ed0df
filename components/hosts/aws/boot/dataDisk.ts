/**
 * Mounts the data disk at /var/lib/docker. Runs at every boot, before SSH answers, so the engine's data never lands on the
 * system's disk. `$1` is the id of the EBS volume, which is attached some seconds after the instance runs. A disk that has a
 * file system keeps it.
 */
export const DATA_DISK_SCRIPT = `set -eu
volume=$1
target=/var/lib/docker
disks=\${DOCKYARD_DISKS:-/dev/disk/by-id}
serial=$(printf %s "$volume" | tr -d -)
mountpoint -q "$target" && exit 0
link="$disks/nvme-Amazon_Elastic_Block_Store_$serial"
attempt=0
until [ -e "$link" ]; do
  attempt=$((attempt + 1))
  if [ "$attempt" -gt 300 ]; then
    echo "dockyard: the data disk $volume was not attached within 5 minutes; the engine will not start without it" >&2
    exit 1
  fi
  sleep 1
done
disk=$(readlink -f "$link")
# 2: nothing at all is on it. Whatever else cannot be told is not written over.
found=0
blkid -p "$disk" >/dev/null || found=$?
if [ "$found" -eq 2 ]; then mkfs.ext4 -q -m 1 -L dockyard-data "$disk"; fi
# It may have grown since the last boot.
e2fsck -p -f "$disk" >/dev/null || true
resize2fs "$disk" >/dev/null 2>&1 || true
mkdir -p "$target"
mount -t ext4 -o noatime "$disk" "$target"
`;

/** The engine, whoever installs it, starts only on its disk. */
export const ENGINE_NEEDS_DISK = `[Unit]
RequiresMountsFor=/var/lib/docker
ConditionPathIsMountPoint=/var/lib/docker
`;
