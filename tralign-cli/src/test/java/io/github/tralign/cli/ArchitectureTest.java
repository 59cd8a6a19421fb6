package io.github.tralign.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of all modules that the command line depends on. */
@AnalyzeClasses(
    packages = "io.github.tralign",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {

  /** The tools of other modules' tests come in jars. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  // Tensors and their life time belong to the engine; the command line names folders and devices.
  @ArchTest
  static final ArchRule the_command_line_touches_no_tensors =
      noClasses()
          .that()
          .resideInAPackage("io.github.tralign.cli")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl.ndarray..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule packages_form_no_cycles =
      slices().matching("io.github.tralign.(**)").should().beFreeOfCycles();

  /** Of all modules, also those that the command line does without, as files have them. */
  @Test
  void no_simple_class_name_is_used_twice() throws IOException {
    Map<String, List<Path>> files = new TreeMap<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path module : (Iterable<Path>) modules::iterator) {
        add(module.resolve("src/main/java"), files);
      }
    }
    assertThat(files).containsKeys("Trainer", "SparkTraining", "ScalingBenchmark");
    files.values().removeIf(it -> it.size() == 1);
    assertThat(files).isEmpty();
  }

  private static void add(Path sources, Map<String, List<Path>> files) throws IOException {
    if (Files.isDirectory(sources)) {
      try (Stream<Path> all = Files.walk(sources)) {
        all.filter(it -> it.toString().endsWith(".java") && !it.toString().endsWith("-info.java"))
            .forEach(
                it ->
                    files
                        .computeIfAbsent(
                            MoreFiles.getNameWithoutExtension(it), name -> new ArrayList<>())
                        .add(it));
      }
    }
  }
}
