#!/usr/bin/env bash
# Shows that the plugin works where there is no Swift: in a bare Debian root of this system's release, made with debootstrap and with the
# packages of the libraries that the plugin needs. A host in C asks it there, and the answer comes from vllm-sim outside.
# Needs root, Debian and its mirror (DEBIAN_MIRROR); the root is kept in ${XDG_CACHE_HOME:-~/.cache}/vllm-provider.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

[ "$(id -u)" -eq 0 ] || die "making a root and entering it (chroot) needs root: sudo $0"
. /etc/os-release
[ "${ID:-}" = debian ] || die "the plugin is built for this system, ${PRETTY_NAME:-unknown}, and the bare root would be Debian: run this on Debian"
command -v debootstrap >/dev/null || install_packages debootstrap

Scripts/plugin.sh
plugin=Plugins/provider-vllm/libprovider-vllm.so
tools=.build/plugin
cc -std=c99 -O1 -pthread -I Sources/CProviderPlugin -I Plugins/echo-c \
    Tests/Plugin/{ask,host}.c Plugins/echo-c/{json,text}.c -o "$tools/ask"

# The Debian packages of the libraries that the plugin is linked with; what those need comes with them.
needed="$(objdump -p "$plugin" | awk '$1 == "NEEDED" { print $2 }')"
packages="$(while read -r library; do
    dpkg-query --search "*/$library" | sed -n 's/^\([^:,]*\):.*/\1/p'
done <<<"$needed" | sort -u | grep -vx libc6-dev | paste -sd,)"

bare="${XDG_CACHE_HOME:-$HOME/.cache}/vllm-provider/debian-$VERSION_CODENAME-${packages//,/-}"
if [ ! -d "$bare" ]; then
    say "Making a bare Debian $VERSION_CODENAME with $packages in $bare (a minute or two)"
    rm -rf "$bare.unfinished"
    mkdir -p "$(dirname "$bare")"
    debootstrap --variant=minbase --include="$packages" "$VERSION_CODENAME" "$bare.unfinished" \
        "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$tools/debootstrap.log" 2>&1 ||
        { tail -n 20 "$tools/debootstrap.log" >&2 && die "debootstrap failed. All it said: $root/$tools/debootstrap.log"; }
    mv "$bare.unfinished" "$bare"
fi

rm -rf "$bare/plugin"
mkdir "$bare/plugin"
cp "$plugin" Plugins/provider-vllm/manifest.json "$tools/ask" "$bare/plugin/"

simulator=
trap '[ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true; rm -rf "$bare/plugin"' EXIT
start_simulator

# With /proc, as containers have it: libdispatch looks there at its threads. The mount is gone when the command ends.
in_bare() {
    # shellcheck disable=SC2016  # the inner shell expands them
    unshare --mount sh -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' - "$bare" \
        /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
ask=(/plugin/ask /plugin/libprovider-vllm.so '{"base_url": "'"$url"'", "use_completions": false}' 'What is 2+2?')
say "In a bare Debian $(cat "$bare/etc/debian_version"), $(in_bare dpkg-query --show | wc -l) packages:"
swift="$(find "$bare" -xdev -iname '*swift*' -not -path "$bare/usr/share/*" | head -n 5)"
[ -z "$swift" ] || die "there is something of Swift: $swift"
say "  files of Swift: none"
missing="$(in_bare ldd /plugin/libprovider-vllm.so | grep 'not found' || true)"
[ -z "$missing" ] || die "libraries are missing: $missing"
answer="$(in_bare "${ask[@]}")" ||
    die "the host in the bare root failed with exit code $?"
[ "$answer" = 4 ] || die "the answer is not 4: $answer"
say "  What is 2+2? $answer"
without="$(chroot "$bare" "${ask[@]}" 2>&1)" && die "an answer without /proc: $without"
[[ "$without" == *'/proc/self/task cannot be read'* ]] || die "without /proc there is another error: $without"
say "  without /proc: an error that says so"
say "The plugin works without Swift; it needs the packages ${packages//,/, }."
