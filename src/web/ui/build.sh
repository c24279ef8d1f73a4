#!/bin/sh
# build.sh SOURCE BUILD auto|yes: the UI of SOURCE bundled into BUILD/dist.
# Nothing is written into SOURCE. With auto, a registry that cannot be reached
# leaves the UI out and says so; with yes it is an error.
set -eu
source=$(cd "$1" && pwd)
mkdir -p "$2/npm"
build=$(cd "$2" && pwd)
want=$3

left_out() {
	echo "UI: $1" >&2
	[ "$want" = auto ] || exit 1
	echo "UI: left out; the desk works without it (API, mail, command). 'make ui' tries again" >&2
	echo "left out" >"$build/ui.stamp"
	exit 0
}

if ! cmp -s "$source/package-lock.json" "$build/npm/installed.json"; then
	cp "$source/package.json" "$source/package-lock.json" "$build/npm/"
	(cd "$build/npm" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
		--fetch-retries=1 --fetch-retry-mintimeout=2000 --fetch-timeout=60000 >npm.log 2>&1) || {
		tail -n 5 "$build/npm/npm.log" >&2
		left_out "npm could not fetch what bundles it (see $build/npm/npm.log)"
	}
	cp "$source/package-lock.json" "$build/npm/installed.json"
fi

out=$build/dist.new
rm -rf "$out"
mkdir "$out"
NODE_PATH=$build/npm/node_modules
export NODE_PATH
esbuild=$NODE_PATH/.bin/esbuild
"$esbuild" "$source/app.js" --bundle --minify --format=esm --target=es2022 \
	--charset=utf8 --log-level=warning --legal-comments=none --outfile="$out/app.js"
"$esbuild" "$source/style.css" --bundle --minify --charset=utf8 \
	--log-level=warning --outfile="$out/app.css"
cp "$source/index.html" "$source/favicon.svg" "$out/"
for f in "$out"/*; do
	gzip -9nc "$f" >"$f.gz"
done
# what the scripts contain of others, and on which terms
for lib in preact htm uplot uqr; do
	printf '%s\n\n' "$lib"
	cat "$NODE_PATH/$lib"/LICENSE*
	printf '\n'
done >"$out/LICENSES.txt"
rm -rf "$build/dist"
mv "$out" "$build/dist"
echo "built" >"$build/ui.stamp"
