#!/usr/bin/env bash
# Builds and runs the consumer with what was staged: tools/release/consume.sh FOLDER, the folder of stage.sh
#
# On the class path with every warning an error, README.md's sample included; then as a module, in an image of the JDK
# modules that it needs. Linux on x86-64. The consumer has a local repository of its own; libraries of others come from
# the usual one.
set -euo pipefail
staged=$(cd "${1:?usage: $0 FOLDER}/repository" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
consumer=$PWD/tools/consumer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -R "$consumer" "$work/consumer"
cd "$work/consumer"
rm -rf target
awk '/^```java/ { inside = 1; print "package org.example;\n"; next } /^```/ && inside { exit } inside' \
  "$OLDPWD/README.md" >src/main/java/org/example/Align.java
"$OLDPWD/mvnw" -B -ntp -Dstaged="file://$staged" -Dmaven.repo.local="$work/local" \
  -Dmaven.repo.local.tail="${MAVEN_LOCAL_REPOSITORY:-$HOME/.m2/repository}" \
  -Dmaven.repo.local.tail.ignoreAvailability=true verify
ls -d "$work"/local/io/github/tralign/tralign-djl/* # from the staged repository, not from one that was installed

export OPT_OUT_TRACKING=true
java -Dai.djl.offline=true -cp "target/consumer.jar:target/lib/*" org.example.Main "$work/run1"

# No module can have the name of DJL's jar of PyTorch (pytorch.native.cpu), so that stays on the class path.
mkdir target/natives
mv target/lib/pytorch-native-* target/natives
javac -Xlint:all -Werror --module-path target/lib -d target/module \
  src/main/java/org/example/*.java src/main/module/module-info.java
jlink --add-modules java.base,java.logging,java.management,java.net.http,java.xml,jdk.unsupported --output target/image
target/image/bin/java -Dai.djl.offline=true -cp "target/natives/*" --module-path target/lib:target/module \
  -m org.example/org.example.Main "$work/run2"
