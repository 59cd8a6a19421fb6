package io.github.tralign.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.quickstart.TinyCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JBang script and the notebook run as they are, with the class path of the tests. */
class ScriptsTest {

  private static final Path SCRIPT = Path.of("jbang/Align.java");
  private static final Path NOTEBOOK = Path.of("notebook/tr-dpo.ipynb");

  @TempDir private static Path folder;
  private static Path checkpoint;
  private static Path pairs;

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream out = System.out;

  @BeforeEach
  void read_what_is_shown() {
    System.setOut(new PrintStream(shown, true, UTF_8));
  }

  @AfterEach
  void show_again() {
    System.setOut(out);
  }

  @BeforeAll
  static void make_a_checkpoint_and_pairs() {
    checkpoint = TinyCheckpoint.write(folder);
    pairs = TinyCheckpoint.pairs(folder, 16);
  }

  @Test
  void the_script_compiles_and_aligns() throws Exception {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(SCRIPT))
              .call();
      assertThat(compiled).as("%s", messages).isTrue();
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Method main = loader.loadClass("Align").getMethod("main", String[].class);
      main.setAccessible(true);
      Path output = folder.resolve("aligned");
      main.invoke(
          null, (Object) new String[] {checkpoint.toString(), pairs.toString(), output.toString()});
      assertThat(output.resolve("model.safetensors")).isNotEmptyFile();
      assertThat(shown.toString(UTF_8)).startsWith("loss 0.6931 -> 0.69").endsWith(" in 2 steps\n");
    }
  }

  @Test
  void the_cells_of_the_notebook_run_one_after_the_other() throws IOException {
    System.setProperty("notebook.model", checkpoint.toString());
    System.setProperty("notebook.pairs", pairs.toString());
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(System.getProperty("java.class.path"));
      List<String> wrong = new ArrayList<>();
      for (String cell : cells()) {
        run(shell, cell, wrong);
      }
      assertThat(wrong).isEmpty();
      assertThat(shell.variables().map(it -> it.name())).contains("data", "fixed", "soft");
      assertThat(shown.toString(UTF_8))
          .startsWith("16 pairs; the first prompt has ")
          .contains("\nstep  1  loss 0.6931  fixed 0.6931\n");
      SnippetEvent loss = shell.eval("fixed.metrics().get(0).loss()").get(0);
      assertThat(Double.parseDouble(loss.value())).isBetween(0.6931, 0.6932);
    } finally {
      System.clearProperty("notebook.model");
      System.clearProperty("notebook.pairs");
    }
  }

  private static List<String> cells() throws IOException {
    List<String> cells = new ArrayList<>();
    for (JsonNode cell : new ObjectMapper().readTree(NOTEBOOK.toFile()).path("cells")) {
      StringBuilder text = new StringBuilder();
      cell.path("source").forEach(line -> text.append(line.asText()));
      if (cell.path("cell_type").asText().equals("code") && !text.toString().startsWith("%")) {
        cells.add(text.toString());
      }
    }
    return cells;
  }

  private static void run(JShell shell, String cell, List<String> wrong) {
    String rest = cell;
    while (!rest.isBlank()) {
      CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      for (SnippetEvent event : shell.eval(next.source())) {
        if (event.status() != Snippet.Status.VALID || event.exception() != null) {
          wrong.add(event + " " + shell.diagnostics(event.snippet()).toList());
        }
      }
      rest = next.remaining();
    }
  }

  /** The build's own versions, so that neither becomes stale. */
  @Test
  void both_name_the_versions_of_the_build() throws IOException {
    String pom = Files.readString(Path.of("../pom.xml"));
    String djl = value(pom, "djl.version");
    String torch = value(pom, "pytorch.version");
    String own = value(pom, "version");
    for (Path each : List.of(SCRIPT, NOTEBOOK)) {
      assertThat(Files.readString(each))
          .contains("tralign-djl:" + own)
          .contains("pytorch-jni:" + torch + "-" + djl);
    }
    assertThat(Files.readString(SCRIPT)).contains("pytorch-native-cpu:" + torch + ":");
    assertThat(Files.readString(NOTEBOOK)).contains("linux-x86_64:" + torch);
  }

  private static String value(String pom, String element) {
    Matcher matcher = Pattern.compile("<" + element + ">([^<]+)</").matcher(pom);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
