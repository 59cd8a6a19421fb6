package io.github.tralign.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.Set;

@AnalyzeClasses(locations = ArchitectureTest.OwnClasses.class)
class ArchitectureTest {

  /** Looking for the module's classes in all jars of Spark would take long. */
  static final class OwnClasses implements LocationProvider {
    @Override
    public Set<Location> get(Class<?> testClass) {
      return Set.of(Location.of(Path.of("target/classes")));
    }
  }

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
