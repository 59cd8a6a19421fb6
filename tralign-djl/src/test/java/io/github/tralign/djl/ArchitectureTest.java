package io.github.tralign.djl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.tralign.djl", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  // Each package is a slice, sub-packages too, but for this one, which puts the others together.
  @ArchTest
  static final ArchRule packages_form_no_cycles =
      slices()
          .matching("io.github.tralign.djl.(**)")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true);

  // TokenizerWorker is a program of its own, which speaks by its standard streams.
  @ArchTest
  static final ArchRule nothing_is_printed =
      noClasses()
          .that()
          .doNotHaveSimpleName("TokenizerWorker")
          .should(ACCESS_STANDARD_STREAMS)
          .allowEmptyShould(true);

  // Its generators are in jdk.random, which a runtime image may lack; L64X128Mix is one of them.
  @ArchTest
  static final ArchRule random_numbers_need_no_further_module =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.random.RandomGeneratorFactory");
}
