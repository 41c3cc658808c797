#!/bin/sh
# Installs what the interop checks need, unless it is there: curl, openssl, ab and wrk
# from the system's packages, Node 19.0.0 from npm into the user's cache.
# Prints what the checks need in their environment:
#
#   eval "$(sh tests/interop/setup.sh)" && go test -tags interop ./tests/interop
set -eu

have() { command -v "$1" >/dev/null 2>&1; }

# install adds the system packages that are named.
install() {
	as_root=
	[ "$(id -u)" = 0 ] || as_root=sudo
	$as_root apt-get update -q >&2
	DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends "$@" >&2
}

missing=
have curl || missing="$missing curl"
have openssl || missing="$missing openssl"
have ab || missing="$missing apache2-utils"
have wrk || missing="$missing wrk"
[ -n "${NODEHTTP_NODE19:-}" ] || have npm || missing="$missing npm"
if [ -n "$missing" ]; then
	# shellcheck disable=SC2086 # one word each
	install $missing
fi

found=$(sh "$(dirname "$0")/../nodes.sh" 19.0.0)
echo "export NODEHTTP_NODE19='${found#* }'"
