#!/bin/sh
# Installs Chromium from the system's packages unless it is there, and prints where it is:
#
#   NODEHTTP_CHROMIUM=$(sh tests/site/setup.sh) && export NODEHTTP_CHROMIUM && cd tests/site && go test
set -eu
if ! command -v chromium >/dev/null 2>&1; then
	as_root=
	[ "$(id -u)" = 0 ] || as_root=sudo
	$as_root apt-get update -q >&2
	DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends chromium >&2
fi
command -v chromium
