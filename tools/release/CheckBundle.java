package io.github.tralign.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Looks at a bundle as Maven Central's validator does, and at what else a release promises: {@code
 * java tools/release/CheckBundle.java bundle.zip}. Needs gpg, with the key in its ring.
 */
final class CheckBundle {

  private static final String GROUP = "io/github/tralign";

  /** The endings of checksum files, and their algorithms. */
  private static final Map<String, String> CHECKSUMS =
      Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");

  private static final Set<String> OF_A_JAR =
      Set.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json", "-cyclonedx.xml");
  private static final Set<String> OF_A_POM =
      Set.of(".pom", "-cyclonedx.json", "-cyclonedx.xml");
  private static final Set<String> PLATFORMS = Set.of("-linux-x86_64.jar", "-linux-aarch64.jar");

  private static final List<String> REQUIRED =
      List.of(
          "name",
          "description",
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "scm/connection",
          "scm/developerConnection",
          "scm/url");

  private final Path root;
  private final BiPredicate<Path, Path> signed;
  private final Set<String> present = new TreeSet<>(); // artifacts
  private final Set<String> versions = new TreeSet<>();
  private final Set<String> required = new TreeSet<>(); // artifacts that the poms name
  private final Set<String> managed = new TreeSet<>(); // artifacts that the BOM names
  private final List<String> faults = new ArrayList<>();

  private CheckBundle(Path root, BiPredicate<Path, Path> signed) {
    this.root = root;
    this.signed = signed;
  }

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("bundle");
    List<String> faults;
    try (FileSystem bundle = FileSystems.newFileSystem(Path.of(args[0]))) {
      for (Path file : files(bundle.getPath("/"))) {
        Path to = folder.resolve(file.toString().substring(1));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
        System.out.println(Files.size(to) + "\t" + file);
      }
      faults = faults(folder, CheckBundle::gpg);
    } finally {
      try (Stream<Path> made = Files.walk(folder)) {
        for (Path path : made.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    faults.forEach(System.err::println);
    System.out.println(faults.isEmpty() ? "The bundle is complete." : faults.size() + " faults");
    System.exit(faults.isEmpty() ? 0 : 1);
  }

  /**
   * What is wrong with a bundle.
   *
   * @param root the folder with the bundle's content
   * @param signed whether a file is signed by a signature
   */
  static List<String> faults(Path root, BiPredicate<Path, Path> signed) throws IOException {
    CheckBundle check = new CheckBundle(root, signed);
    check.all();
    return check.faults;
  }

  private void all() throws IOException {
    Map<Path, Set<String>> byFolder = new TreeMap<>();
    for (Path file : files(root)) {
      byFolder.computeIfAbsent(file.getParent(), f -> new TreeSet<>()).add(name(file));
    }
    for (Map.Entry<Path, Set<String>> artifact : byFolder.entrySet()) {
      String place = root.relativize(artifact.getKey()).toString().replace('\\', '/');
      String[] parts = place.split("/");
      if (parts.length != 5 || !place.startsWith(GROUP + "/")) {
        faults.add(place + ": is not the folder of an artifact's version");
      } else {
        artifact(artifact.getKey(), parts[3], parts[4], artifact.getValue());
      }
    }
    if (versions.size() > 1) {
      faults.add("the artifacts have several versions: " + versions);
    }
    required.addAll(managed);
    required.stream().filter(it -> !present.contains(it)).forEach(it -> faults.add(it + ": is missing"));
    present.stream()
        .filter(it -> !managed.contains(it) && !it.equals("tralign-bom"))
        .forEach(it -> faults.add(it + ": is not in the BOM"));
  }

  private void artifact(Path folder, String artifact, String version, Set<String> names)
      throws IOException {
    present.add(artifact);
    versions.add(version);
    if (version.endsWith("-SNAPSHOT")) {
      faults.add(artifact + ": is a snapshot");
    }
    String stem = artifact + "-" + version;
    Path pom = folder.resolve(stem + ".pom");
    if (!names.contains(name(pom))) {
      faults.add(pom + ": is missing");
      return;
    }
    Element project = xml(pom);
    pom(pom, project, artifact, version);
    Set<String> wanted = text(project, "packaging").equals("pom") ? OF_A_POM : OF_A_JAR;
    Set<String> unknown = new TreeSet<>(names);
    for (String ending : Stream.concat(wanted.stream(), PLATFORMS.stream()).toList()) {
      Path file = folder.resolve(stem + ending);
      if (!names.contains(name(file))) {
        if (wanted.contains(ending)) {
          faults.add(file + ": is missing");
        }
        continue;
      }
      unknown.remove(name(file));
      signature(file);
      unknown.remove(name(file) + ".asc");
      for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
        checksum(file, checksum.getKey(), checksum.getValue());
        unknown.remove(name(file) + "." + checksum.getKey());
      }
      if (ending.endsWith(".jar")) {
        jar(file, !ending.equals("-sources.jar") && !ending.equals("-javadoc.jar"));
      }
    }
    unknown.forEach(it -> faults.add(folder.resolve(it) + ": does not belong into the bundle"));
  }

  private void pom(Path pom, Element project, String artifact, String version) throws IOException {
    for (String path : REQUIRED) {
      if (text(project, path).isBlank()) {
        faults.add(pom + ": has no " + path);
      }
    }
    if (!text(project, "artifactId").equals(artifact) || !text(project, "version").equals(version)) {
      faults.add(pom + ": is the pom of another artifact or version");
    }
    if (child(project, "parent") != null) {
      faults.add(pom + ": has a parent, which is not published");
    }
    String content = Files.readString(pom);
    if (content.contains("-SNAPSHOT")) {
      faults.add(pom + ": names a snapshot");
    }
    if (content.replace("${project.version}", "").contains("${")) {
      faults.add(pom + ": names a property");
    }
    dependencies(child(project, "dependencies"), required);
    Element management = child(project, "dependencyManagement");
    if (artifact.equals("tralign-bom") && management != null) {
      dependencies(child(management, "dependencies"), managed);
    }
  }

  private static void dependencies(Element dependencies, Set<String> to) {
    for (Node it = dependencies == null ? null : dependencies.getFirstChild();
        it != null;
        it = it.getNextSibling()) {
      if (it instanceof Element dependency && text(dependency, "groupId").equals("io.github.tralign")) {
        to.add(text(dependency, "artifactId"));
      }
    }
  }

  private void signature(Path file) {
    Path signature = file.resolveSibling(name(file) + ".asc");
    if (!Files.exists(signature)) {
      faults.add(file + ": is not signed");
    } else if (!signed.test(file, signature)) {
      faults.add(signature + ": is not a valid signature");
    }
  }

  private void checksum(Path file, String ending, String algorithm) throws IOException {
    Path checksum = file.resolveSibling(name(file) + "." + ending);
    if (!Files.exists(checksum)) {
      faults.add(checksum + ": is missing");
      return;
    }
    try {
      byte[] hash = MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
      if (!Files.readString(checksum).strip().equals(HexFormat.of().formatHex(hash))) {
        faults.add(checksum + ": is not that of the file");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A library also has the name of its module. */
  private void jar(Path file, boolean library) throws IOException {
    Set<String> entries = new TreeSet<>();
    String module = null;
    try (ZipInputStream jar = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
        if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
          module = new Manifest(jar).getMainAttributes().getValue("Automatic-Module-Name");
        }
        if (!entry.isDirectory()) {
          entries.add(entry.getName());
        }
      }
    }
    for (String licence : List.of("META-INF/LICENSE", "META-INF/NOTICE")) {
      if (!entries.contains(licence)) {
        faults.add(file + ": has no " + licence);
      }
    }
    if (library && module == null && !entries.contains("module-info.class")) {
      faults.add(file + ": is not a module");
    }
    if (!library && entries.stream().allMatch(it -> it.startsWith("META-INF/"))) {
      faults.add(file + ": is empty");
    }
  }

  private static boolean gpg(Path file, Path signature) {
    try {
      return new ProcessBuilder("gpg", "--batch", "--verify", signature.toString(), file.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static Element xml(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement();
    } catch (Exception e) {
      throw new IOException(file + ": is not XML", e);
    }
  }

  private static Element child(Element parent, String name) {
    for (Node it = parent.getFirstChild(); it != null; it = it.getNextSibling()) {
      if (it instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    return null;
  }

  /** The text at a path of names; empty if there is none. */
  private static String text(Element element, String path) {
    for (String name : path.split("/")) {
      element = element == null ? null : child(element, name);
    }
    return element == null ? "" : element.getTextContent().strip();
  }
}
