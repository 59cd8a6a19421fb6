package io.github.tralign.judge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.tralign", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule statistics_know_no_judge =
      noClasses()
          .that()
          .resideInAPackage("io.github.tralign.judge.statistics")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "com.fasterxml..", "io.github.tralign.judge.client");

  @ArchTest
  static final ArchRule packages_form_no_cycles =
      slices().matching("io.github.tralign.(**)").should().beFreeOfCycles();

  @ArchTest static final ArchRule nothing_is_printed = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
