#!/usr/bin/env bash
# Builds the plugin that hosts load: Plugins/provider-vllm/libprovider-vllm.so and manifest.json beside it (docs/plugins.md).
# The Swift runtime is inside, and `provider_plugin` is the only symbol that can be seen. CONFIGURATION=debug builds an unoptimised one.
# With the arguments `address FOLDER` it goes into that folder instead, unstripped and with the address sanitizer, for test-plugin.sh.
# Quiet when all is well, but for what it needs from the system.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

configuration="${CONFIGURATION:-release}"
sanitizer="${1:-}"
build=(--configuration "$configuration")
[ -z "$sanitizer" ] || build=(--configuration debug --sanitize="$sanitizer" --scratch-path ".build/$sanitizer-sanitizer")
swift build --quiet "${build[@]}" --product provider-vllm
objects="$(swift build "${build[@]}" --show-bin-path)/provider-vllm.product/Objects.LinkFileList"

name=libprovider-vllm.so
folder="${2:-Plugins/provider-vllm}"
unstripped="$root/.build/plugin${sanitizer:+-$sanitizer}"
mkdir -p "$unstripped/static" "$folder"

# Hidden in a library of its own, what it brings along cannot meet that of the host. Its code stays as long as the process lives.
if [[ "$OSTYPE" == darwin* ]]; then
    link=(-Xlinker -exported_symbol -Xlinker _provider_plugin -Xlinker -dead_strip)
else
    printf '{ global: provider_plugin; local: *; };\n' >"$unstripped/exports"
    link=(-static-stdlib -use-ld=lld -lsimdjson)
    # --strip-debug: valgrind cannot read the debug information of Swift 6, and the names are enough.
    # Libraries that are there in one piece are taken in: looked for first, where nothing else lies.
    for library in libyaml.a libsimdjson.a; do
        file="$(c++ -print-file-name="$library")"
        if [ "$file" = "$library" ]; then rm -f "$unstripped/static/$library"; else ln -sf "$file" "$unstripped/static/$library"; fi
    done
    for option in "--version-script=$unstripped/exports" -soname="$name" -Bsymbolic --gc-sections --as-needed --strip-debug -z now -z nodelete; do
        link+=(-Xlinker "$option")
    done
fi
# The functions of the sanitizer are the host's.
if [ -n "$sanitizer" ]; then link+=(-sanitize="$sanitizer"); elif [[ "$OSTYPE" != darwin* ]]; then link+=(-Xlinker -z -Xlinker defs); fi
swiftc -emit-library -module-name provider_vllm -o "$unstripped/$name" @"$objects" -L "$unstripped/static" "${link[@]}"

exported="$(nm -D --defined-only "$unstripped/$name" | awk '$2 ~ /[A-Z]/ { print $3 }')"
[[ "$OSTYPE" == darwin* ]] || [ "$exported" = provider_plugin ] || die "$name exports more than provider_plugin: ${exported//$'\n'/ }"
[[ "$OSTYPE" == darwin* ]] || ! ldd "$unstripped/$name" | grep -iE 'swift|dispatch|not found' >&2 ||
    die "$name needs a library of Swift, or one that is not there."

if [ -n "$sanitizer" ]; then
    cp "$unstripped/$name" "$folder/"
    exit 0
fi
# A host that has the old one open keeps it: the new one is another file.
if [[ "$OSTYPE" == darwin* ]]; then strip -x -o "$folder/.$name" "$unstripped/$name"; else strip -s -o "$folder/.$name" "$unstripped/$name"; fi
mv "$folder/.$name" "$folder/$name"
python3 Scripts/plugin-manifest.py "$folder/$name" vLLM

say "$folder/$name: $(($(wc -c <"$folder/$name") / 1000000)) MB, only provider_plugin is exported"
[[ "$OSTYPE" == darwin* ]] ||
    say "It needs from the system: $(objdump -p "$folder/$name" | awk '$1 == "NEEDED" && $2 !~ /^ld-/ { print $2 }' | sort | tr '\n' ' ')"
