package io.github.tralign;

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
  static final ArchRule the_core_knows_no_tensor_engine =
      noClasses().should().dependOnClassesThat().resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule the_method_knows_no_engine_at_all =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.github.tralign.tabular")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.github.tralign.tabular");

  @ArchTest
  static final ArchRule losses_know_neither_engines_nor_the_loop =
      noClasses()
          .that()
          .resideInAPackage("io.github.tralign.loss")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.github.tralign.policy", "io.github.tralign.reference", "io.github.tralign.train");

  // Each package is a slice, sub-packages too. The root is none: it may use all, and all may use
  // it.
  @ArchTest
  static final ArchRule packages_form_no_cycles =
      slices().matching("io.github.tralign.(**)").should().beFreeOfCycles();

  @ArchTest static final ArchRule nothing_is_printed = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  // Its generators are in jdk.random, which a runtime image may lack; L64X128Mix is one of them.
  @ArchTest
  static final ArchRule random_numbers_need_no_further_module =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.random.RandomGeneratorFactory");
}
