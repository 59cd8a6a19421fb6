#!/usr/bin/env bash
# Compares the API with that of the release before: tools/release/check_api.sh [OPTION of Maven]…
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' pom.xml)
baseline=$(sed -n 's|.*<api.baseline>\(.*\)</api.baseline>.*|\1|p' pom.xml)
if [[ ${version%-SNAPSHOT} == "$baseline" ]]; then
  echo "$version is the first release: its API is the baseline of later ones."
  exit
fi
exec ./mvnw -B -ntp -Papi -DskipTests -Dspotless.check.skip=true "$@" verify
