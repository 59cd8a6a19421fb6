package io.github.tralign.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;

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

  @ArchTest
  static void no_simple_class_name_is_used_twice(JavaClasses classes) {
    Map<String, List<String>> names =
        classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(it -> !it.getSimpleName().equals("package-info"))
            .filter(it -> !it.getSimpleName().startsWith("Immutable"))
            .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList())));
    names.values().removeIf(it -> it.size() == 1);
    assertThat(names).isEmpty();
  }
}
