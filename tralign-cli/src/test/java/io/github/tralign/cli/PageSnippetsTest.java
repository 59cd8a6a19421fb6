package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java, YAML and XML on the pages.
 *
 * <p>A comment above a block of Java says what it needs to be compiled: {@code java: Path folder;}
 * declares what it uses and does not define, {@code compiled in FILE} names the source file that
 * has the same lines.
 */
class PageSnippetsTest {

  private static final String DECLARED = "java:";
  private static final String ELSEWHERE = "compiled in ";
  private static final Pattern MEMBERS = Pattern.compile("(static|public|private|@|class ).*");
  private static final Pattern RETURNS = Pattern.compile("(?m)^ {0,2}return ");
  private static final Pattern VERSION =
      Pattern.compile("<artifactId>(.*)</artifactId>\\s*<version>(.*)</version>");
  private static final Pattern PUBLIC_CLASS = Pattern.compile("(?m)^public class (\\w+)");
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");

  @TempDir private Path folder;

  @Test
  void the_java_on_the_pages_is_compiled() throws IOException {
    List<SimpleJavaFileObject> sources = new ArrayList<>();
    for (Pages.Block block : blocks("java")) {
      if (block.note().startsWith(ELSEWHERE)) {
        String file = block.note().substring(ELSEWHERE.length());
        assertThat(plain(Files.readString(Pages.ROOT.resolve(file))))
            .as(block.place(0))
            .contains(plain(String.join("\n", block.lines())));
      } else {
        sources.add(source("Snippet" + sources.size(), block));
      }
    }
    StringWriter messages = new StringWriter();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-Xlint:deprecation,rawtypes,unchecked",
                    "-Werror",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    folder.toString()),
                null,
                sources)
            .call();
    assertThat(compiled).as(messages.toString()).isTrue();
    assertThat(sources).hasSizeGreaterThan(5);
  }

  @Test
  void the_settings_in_yaml_are_options_of_train() throws IOException {
    for (Pages.Block block : blocks("yaml")) {
      String yaml = String.join("\n", block.lines());
      if (yaml.startsWith("policy:")) {
        Path file = Files.writeString(folder.resolve("config.yaml"), yaml);
        String[] args = {"train", "--config", file.toString()};
        Console console =
            new Console(
                Printer.on(new ByteArrayOutputStream()), Printer.on(new ByteArrayOutputStream()));
        var line = Main.line(console, new Failures(console));
        assertThat(ConfigFile.namedIn(args, line).expand(args, line))
            .as(block.place(0))
            .hasSizeGreaterThan(args.length);
      } else {
        new YAMLMapper().readTree(yaml);
      }
    }
  }

  @Test
  void the_versions_on_the_pages_are_those_of_the_build() throws IOException {
    String pom = Files.readString(Pages.ROOT.resolve("pom.xml"));
    String tralign = inPom("<artifactId>tralign-parent</artifactId>\\s*<version>(.*?)</", pom);
    String djl = inPom("<djl.version>(.*?)</", pom);
    String pytorch = inPom("<pytorch.version>(.*?)</", pom);
    Map<String, String> expected =
        Map.of("pytorch-jni", pytorch + "-" + djl, "pytorch-native-cpu", pytorch);
    for (Pages.Block block : blocks("xml")) {
      Matcher shown = VERSION.matcher(String.join("\n", block.lines()));
      while (shown.find()) {
        assertThat(shown.group(2))
            .as(block.place(0))
            .isEqualTo(expected.getOrDefault(shown.group(1), tralign));
      }
    }
  }

  private static String inPom(String pattern, String pom) {
    Matcher found = Pattern.compile(pattern).matcher(pom);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(1);
  }

  private static List<Pages.Block> blocks(String language) {
    return Pages.all().stream()
        .flatMap(page -> Pages.blocks(page).stream())
        .filter(it -> it.language().equals(language))
        .toList();
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", "");
  }

  private static SimpleJavaFileObject source(String name, Pages.Block block) throws IOException {
    String code = String.join("\n", block.lines());
    String note = block.note();
    String text = code;
    if (!code.startsWith("import ")) {
      String declared = note.startsWith(DECLARED) ? note.substring(DECLARED.length()) : "";
      Matcher inPackage = PACKAGE.matcher(declared);
      StringBuilder all = new StringBuilder();
      if (inPackage.find()) {
        all.append(inPackage.group()).append('\n');
        declared = inPackage.replaceFirst("");
      }
      all.append("import java.net.*;\nimport java.nio.file.*;\nimport java.util.*;\n");
      all.append("import org.junit.jupiter.api.Test;\nimport com.google.common.primitives.*;\n");
      for (String each : packages()) {
        all.append("import ").append(each).append(".*;\n");
      }
      all.append("@SuppressWarnings(\"unused\")\nclass ").append(name).append(" {\n");
      all.append(declared).append('\n');
      if (MEMBERS.matcher(code.lines().findFirst().orElseThrow()).matches()) {
        all.append(code);
      } else {
        String result = RETURNS.matcher(code).find() ? "Object" : "void";
        all.append(result).append(" run() throws Exception {\n").append(code).append("\n}");
      }
      text = all.append("\n}\n").toString();
    }
    String content = text;
    Matcher publicClass = PUBLIC_CLASS.matcher(text);
    String file = publicClass.find() ? publicClass.group(1) : name;
    return new SimpleJavaFileObject(
        URI.create(
            "page:///" + block.page().getFileName() + "/" + block.line() + "/" + file + ".java"),
        Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return content;
      }
    };
  }

  /** Of the modules that the tests of the command line see. */
  private static List<String> packages() throws IOException {
    List<String> packages = new ArrayList<>();
    for (String module : List.of("core", "djl", "judge", "report", "testkit")) {
      Path sources = Pages.ROOT.resolve("tralign-" + module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        files
            .filter(it -> it.endsWith("package-info.java"))
            .map(
                it ->
                    sources
                        .relativize(it.getParent())
                        .toString()
                        .replace('/', '.')
                        .replace('\\', '.'))
            .sorted()
            .forEach(packages::add);
      }
    }
    return packages;
  }
}
