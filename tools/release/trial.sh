#!/usr/bin/env bash
# Tries a release without publishing anything: tools/release/trial.sh [FOLDER]
#
# Stages the last commit as a release, signed by a key made for this, and checks the bundle; stages it again from another
# folder, later, in another language and time zone, and compares every byte; builds and runs a program of a user with it.
# FOLDER (target/release) then has the bundle. Needs gpg and Linux on x86-64; takes some ten minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$(mkdir -p "${1:-target/release}" && cd "${1:-target/release}" && pwd)
version=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' pom.xml)
version=${version%-SNAPSHOT}
work=$(mktemp -d)
GNUPGHOME=$(tools/release/key.sh)
export GNUPGHOME
trap 'gpgconf --kill gpg-agent; rm -rf "$work" "$GNUPGHOME"' EXIT

clone() {
  git clone -q . "$1"
  (cd "$1" && tools/release/version.sh "$version")
}
clone "$work/one"
(cd "$work/one" && tools/release/stage.sh "$folder" && tools/release/consume.sh "$folder")

clone "$work/another/folder"
(
  umask 077
  cd "$work/another/folder"
  TZ=Asia/Tokyo LC_ALL=C MAVEN_OPTS='-Duser.language=ar -Duser.country=EG -Duser.name=another' \
    tools/release/stage.sh "$work/second" -Dgpg.skip
)
diff -r --exclude='*.asc*' "$folder/repository" "$work/second/repository"
echo "Both builds gave the same bytes."
