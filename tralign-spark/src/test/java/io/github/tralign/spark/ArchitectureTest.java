package io.github.tralign.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.tralign", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /** The jar alone is what executors get. */
  @ArchTest
  static final ArchRule spark_and_the_jdk_are_enough =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.github.tralign.spark",
              "org.apache.spark..",
              "org.jspecify..",
              "org.slf4j..",
              "scala..",
              "java..");

  @ArchTest static final ArchRule nothing_is_printed = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
