#!/usr/bin/env bash
# Makes a key to try a release with: export GNUPGHOME=$(tools/release/key.sh)
set -euo pipefail
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
gpg --batch --quiet --passphrase '' --quick-generate-key 'a trial <trial@example.org>' rsa3072 sign 1d >&2
echo "$GNUPGHOME"
