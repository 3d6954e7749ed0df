import { onHost } from "./labHost";

/**
 * Packs the engine of a lab host anew, as it is installed: once in its own version and once in a next one, into a package source of the
 * host's own, the only one that it has from then on. A constant; nothing is put into it.
 */
const PACK = `
set -eu
export LC_ALL=C
source=/opt/packages
rm -rf "$source"; mkdir -p "$source"
for package in docker.io docker-cli; do
  installed=$(dpkg-query -W -f='\${Version}' "$package")
  for version in "$installed" "$installed+next"; do
    tree=$(mktemp -d)
    # What nobody reads in a laboratory was taken out of the image, though the package's list names it.
    dpkg -L "$package" | tar --create --no-recursion --ignore-failed-read --files-from - 2>/dev/null | tar --extract --directory "$tree"
    chmod 0755 "$tree"; mkdir -p "$tree/DEBIAN"
    for script in preinst postinst prerm postrm; do
      [ ! -f "/var/lib/dpkg/info/$package.$script" ] || cp "/var/lib/dpkg/info/$package.$script" "$tree/DEBIAN/$script"
    done
    dpkg-query -W -f="Package: \\\${Package}\\nVersion: $version\\nArchitecture: \\\${Architecture}\\nMaintainer: a laboratory <lab@example.net>\\nDepends: \\\${Depends}\\nDescription: packed anew\\n" "$package" > "$tree/DEBIAN/control"
    dpkg-deb -Znone --root-owner-group --build "$tree" "$source/$package.$(echo "$version" | tr -dc '0-9a-z').deb" >/dev/null
    rm -rf "$tree"
  done
done
cd "$source"
for deb in *.deb; do
  dpkg-deb --field "$deb"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done > Packages
: > /etc/apt/sources.list
rm -f /etc/apt/sources.list.d/*
echo "deb [trusted=yes] file:$source ./" > /etc/apt/sources.list.d/packages.list
`;

/** Offers the host a next version of its engine beside its own. */
export async function offerNextEngine(container: string): Promise<void> {
  await onHost(container, "sh", "-c", PACK);
}

/** The version of the engine's package that is installed. */
export async function enginePackage(container: string): Promise<string> {
  return onHost(container, "dpkg-query", "-W", "-f=${Version}", "docker.io");
}
