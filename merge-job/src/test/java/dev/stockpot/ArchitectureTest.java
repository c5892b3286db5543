package dev.stockpot;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The direction of packages, and which of them knows which library. */
class ArchitectureTest {
  /** Holds exceptions that all may throw. */
  private static final String SHARED = "dev.stockpot.merge";

  /** Which package imports a library; no other does. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "com.codahale..", "dev.stockpot.merge.spark..",
          "scala..", "dev.stockpot.merge.spark..",
          "org.apache.hadoop..", "dev.stockpot.merge.storage.hadoop..",
          "com.typesafe.config..", "dev.stockpot.merge.settings..",
          "com.fasterxml..", "dev.stockpot.merge.json..",
          "picocli..", "dev.stockpot.merge.cli..",
          "me.tongfei..", "dev.stockpot.merge.cli..",
          "jdk.incubator..", "dev.stockpot.kernels.vector..",
          "ai.rapids..", "dev.stockpot.kernels.rapids.cudf..");

  private static final String SPARK = "dev.stockpot.merge.spark..";
  private static final String TABLE = "dev.stockpot.merge.table..";

  /** Facades take a session that a caller has; that is all they know of Spark. */
  private static final String FACADES = "dev\\.stockpot\\.merge\\.run\\.(Stockpot|Predictions)";

  private static final JavaClasses STOCKPOT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.stockpot");

  static Stream<String> packages() {
    return Arrows.ALL.keySet().stream().filter(name -> name.startsWith("merge.")).sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void usesOnlyWhatItsArrowsReach(String name) {
    String[] reachable =
        Stream.concat(
                Stream.of(SHARED), Arrows.reachableFrom(name).stream().map(ArchitectureTest::full))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(full(name))
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.stockpot..")).or(resideInAnyPackage(reachable)))
        .because("packages point one way, see Arrows")
        .allowEmptyShould(true)
        .check(STOCKPOT);
  }

  @Test
  void everyPackageHasArrows() {
    String[] known =
        Stream.concat(Stream.of(SHARED), packages().map(ArchitectureTest::full))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(SHARED + "..")
        .should()
        .resideInAnyPackage(known)
        .because("a new package needs a line in Arrows")
        .check(STOCKPOT);
  }

  @Test
  void sharedPackageUsesNoOther() {
    noClasses()
        .that()
        .resideInAPackage(SHARED)
        .should()
        .dependOnClassesThat(resideInAPackage("dev.stockpot..").and(not(resideInAPackage(SHARED))))
        .check(STOCKPOT);
  }

  @Test
  void kernelsDoNotKnowTheMergeJob() {
    noClasses()
        .that()
        .resideInAPackage("dev.stockpot.kernels..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SHARED + "..")
        .check(STOCKPOT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev.stockpot.merge.cli..", TABLE})
  void nobodyUsesADoor(String door) {
    noClasses()
        .that()
        .resideOutsideOfPackage(door)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(door)
        .check(STOCKPOT);
  }

  static Stream<Arguments> libraries() {
    return LIBRARIES.entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void onePackageImportsEachLibrary(String library, String importer) {
    noClasses()
        .that()
        .resideOutsideOfPackage(importer)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(STOCKPOT);
  }

  /** Tables are asked for by Spark itself, as the command line is by a user. */
  @ParameterizedTest
  @CsvSource({
    "org.apache.spark.., dev.stockpot.merge.spark..",
    "org.apache.spark.sql.., dev.stockpot.merge.spark.frames.." // so a merge starts without
  })
  void onePackageAndTheFacadesKnowSparkAndItsSql(String library, String importer) {
    noClasses()
        .that()
        .resideOutsideOfPackages(importer, TABLE)
        .and()
        .haveNameNotMatching(FACADES)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(STOCKPOT);
  }

  @Test
  void whatKnowsNoSparkIsElsewhere() {
    classes()
        .that()
        .resideInAPackage(SPARK)
        .and()
        .areTopLevelClasses()
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.spark..", "com.codahale.."))
        .check(STOCKPOT);
  }

  /** Printing, and ending the JVM, are for a command line. */
  @Test
  void onlyTheCommandLinePrintsOrExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.stockpot.merge.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(STOCKPOT);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.stockpot.(**)").should().beFreeOfCycles().check(STOCKPOT);
  }

  private static String full(String name) {
    return "dev.stockpot." + name;
  }
}
