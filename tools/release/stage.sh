#!/usr/bin/env bash
# Stages the release whose version the poms have, uploads nothing: tools/release/stage.sh FOLDER [OPTION of Maven]…
#
#   FOLDER/repository   what is published, as a Maven repository, signed by gpg's key (-Dgpg.keyname=… for another)
#   FOLDER/bundle.zip   the same, as Maven Central takes it; checked
#
# -Dgpg.skip leaves out signatures, bundle and check. Tests are not run.
set -euo pipefail
folder=$(mkdir -p "${1:?usage: $0 FOLDER}" && cd "$1" && pwd)
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if grep -q '^  <version>.*-SNAPSHOT</version>' pom.xml; then
  echo "the version is a snapshot; set that of the release: tools/release/version.sh 1.2.3" >&2
  exit 2
fi
rm -rf "$folder/repository" "$folder/bundle.zip"

# Archives hold who may read a file: the same on each machine.
umask 022
git ls-files -z | xargs -0 chmod u=rwX,go=rX
./mvnw -B -ntp -Prelease -DskipTests -Dspotless.check.skip=true -Dmaven.install.skip=true \
  -DaltDeploymentRepository="staging::file://$folder/repository" \
  -Daether.checksums.algorithms=SHA-512,SHA-256,SHA-1,MD5 "$@" clean deploy

# Modules use the tests of others while they are built; nobody else does.
find "$folder/repository" \( -name '*-tests.jar*' -o -name 'maven-metadata*' \) -delete
for option in "$@"; do
  [[ $option == -Dgpg.skip ]] && exit
done
jar --create --no-manifest --file "$folder/bundle.zip" -C "$folder/repository" .
java tools/release/CheckBundle.java "$folder/bundle.zip"
