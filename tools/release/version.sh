#!/usr/bin/env bash
# Gives all modules a version: tools/release/version.sh 0.9.0
#
# Everything that names the version is changed: the modules' poms, the consumer's, docs/java.md and
# the script and the notebook of the examples (VersionTest finds what is left). The time that the
# archives' entries bear becomes that of the last commit, so that whoever builds the release gets the same bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

[[ ${1:-} =~ ^[0-9]+\.[0-9]+\.[0-9]+(-SNAPSHOT)?$ ]] || {
  echo "usage: $0 VERSION, such as 0.9.0 or 0.9.1-SNAPSHOT" >&2
  exit 2
}
old=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' pom.xml)
time=$(TZ=UTC0 git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)
# After a release, the API is compared with it.
baseline=
if [[ $old != *-SNAPSHOT && $1 == *-SNAPSHOT ]]; then baseline=$old; fi
for file in pom.xml tralign-*/pom.xml tools/consumer/pom.xml docs/java.md tralign-examples/jbang/*.java tralign-examples/notebook/*.ipynb; do
  awk -v plain=":$old" -v new_plain=":$1" -v old="<version>$old</version>" -v new="<version>$1</version>" -v time="$time" -v baseline="$baseline" '
    # Only versions that stand after the name of one of ours.
    /<artifactId>/ { ours = /<artifactId>tralign-/ }
    /io\.github\.tralign:tralign-/ && (i = index($0, plain)) { $0 = substr($0, 1, i - 1) new_plain substr($0, i + length(plain)) }
    ours && (i = index($0, old)) { $0 = substr($0, 1, i - 1) new substr($0, i + length(old)) }
    /<project.build.outputTimestamp>/ { sub(/>[^<]*</, ">" time "<") }
    baseline && /<api.baseline>/ { sub(/>[^<]*</, ">" baseline "<") }
    { print }' "$file" >"$file.new"
  cat "$file.new" >"$file"
  rm "$file.new"
done
echo "$old is now $1"
