package io.github.tralign.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.tralign.cli", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  // Tensors and their life time belong to the engine; the command line names folders and devices.
  @ArchTest
  static final ArchRule the_command_line_touches_no_tensors =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl.ndarray..")
          .allowEmptyShould(true);
}
