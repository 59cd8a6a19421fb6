#!/usr/bin/env bash
# Builds the documentation site into target/site: the pages of docs, with search that works from a folder
# too, and the javadoc of the published modules beside them. A broken link is an error.
# Needs Python 3.10 or later, a JDK, and once the network, for tools/site/requirements.txt and for Maven.
#   tools/build_site.sh            all
#   tools/build_site.sh --pages    the pages only, in seconds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly venv=target/site-venv site=target/site
readonly modules=(core testkit djl parquet micrometer judge spark)

mkdir -p target
if [[ ! -f $venv/done || tools/site/requirements.txt -nt $venv/done ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q -r tools/site/requirements.txt
  touch "$venv/done"
fi
"$venv/bin/zensical" build --strict --clean

[[ ${1:-} == --pages ]] && exit

# javadoc itself: Maven's aggregate report cannot mix modules that have a module-info with others.
paths='' list=$(mktemp)
trap 'rm -f "$list"' EXIT
for module in "${modules[@]}"; do
  paths+=${paths:+,}tralign-$module
done
./mvnw -B -q -DskipTests -Dspotless.check.skip=true -pl "$paths" -am package \
  dependency:build-classpath -Dmdep.outputFile=target/classpath.txt -Dmdep.includeScope=compile
classpath=
for module in "${modules[@]}"; do
  classpath+=:tralign-$module/target/classes:$(tr -d '\n' <"tralign-$module/target/classpath.txt")
  sources=tralign-$module/src/main/java exported=
  [[ -f $sources/module-info.java ]] && exported=$(sed -n 's/^  exports \([a-z.]*\);$/\1/p' "$sources/module-info.java" | tr . /)
  for folder in "$sources" "tralign-$module/target/generated-sources/annotations"; do
    for package in ${exported:-io}; do # all packages of a module that does not say
      if [[ -d $folder/$package ]]; then
        find "$folder/$package" ${exported:+-maxdepth 1} -name '*.java' >>"$list"
      fi
    done
  done
done
javadoc -quiet -Xdoclint:none -encoding UTF-8 -windowtitle tralign -doctitle tralign \
  --ignore-source-errors \
  -cp "$classpath" -d "$site/javadoc" "@$list"
