package dev.stockpot;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The direction of packages, and which of them knows which library. */
class ArchitectureTest {
  /** Arrows mean "may use, with all that follows from there". */
  static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          entry("merge.cli..", Set.of("merge.run..")),
          entry(
              "merge.run..",
              Set.of(
                  "merge.settings..",
                  "merge.spark..",
                  "merge.commit..",
                  "merge.report..",
                  "merge.advice..",
                  "merge.extract..",
                  "merge.compose..",
                  "merge.vocabulary..",
                  "merge.mixture..",
                  "merge.trial..",
                  "merge.hub..",
                  "merge.gguf..",
                  "merge.sharded..")),
          entry("merge.extract..", Set.of("merge.plan..", "merge.adapter..")),
          entry("merge.adapter..", Set.of("merge.quantised..", "merge.safetensors..")),
          entry("merge.settings..", Set.of("merge.recipe..")),
          entry("merge.spark..", Set.of("merge.engine..", "merge.predict..")),
          entry("merge.predict..", Set.of("merge.json..", "kernels.random..")),
          entry("merge.engine..", Set.of("merge.part..")),
          entry("merge.part..", Set.of("merge.plan..", "merge.align..", "kernels..")),
          entry(
              "merge.align..",
              Set.of("merge.recipe..", "merge.model..", "kernels.methods..", "kernels.scalar..")),
          entry("merge.commit..", Set.of("merge.part..", "merge.safetensors..")),
          entry("merge.report..", Set.of("merge.plan..")),
          entry("merge.advice..", Set.of("merge.plan..")),
          entry(
              "merge.plan..",
              Set.of(
                  "merge.recipe..",
                  "merge.output..",
                  "merge.quantised..",
                  "merge.compare..",
                  "merge.statistics..",
                  "kernels.methods..",
                  "kernels.observe..")),
          entry(
              "merge.compose..",
              Set.of(
                  "merge.recipe..", "merge.output..", "merge.statistics..", "kernels.methods..")),
          entry(
              "merge.vocabulary..",
              Set.of("merge.recipe..", "merge.output..", "merge.model..", "kernels.methods..")),
          entry(
              "merge.mixture..",
              Set.of(
                  "merge.recipe..",
                  "merge.safetensors..",
                  "merge.statistics..",
                  "kernels.methods..")),
          entry("merge.quantised..", Set.of("merge.model..")),
          entry("merge.gguf..", Set.of("merge.model..")),
          entry("merge.sharded..", Set.of("merge.model..", "merge.safetensors..")),
          entry("merge.compare..", Set.of("merge.json..")),
          entry("merge.statistics..", Set.of("merge.model..")),
          entry("merge.model..", Set.of("merge.checkpoint..", "kernels.method..")),
          entry("merge.recipe..", Set.of("kernels.method..")),
          entry("merge.safetensors..", Set.of("merge.output..")),
          entry("merge.output..", Set.of("merge.checkpoint..", "merge.structure..")),
          entry(
              "merge.checkpoint..", Set.of("merge.storage..", "merge.json..", "kernels.number..")),
          entry("merge.storage..", Set.of()),
          entry("merge.hub..", Set.of("merge.storage..", "merge.json..")),
          entry("merge.json..", Set.of()),
          entry(
              "merge.trial..",
              Set.of("merge.recipe..", "merge.choose..", "merge.evaluate..", "merge.storage..")),
          entry("merge.choose..", Set.of("kernels.matrix..")),
          entry("merge.evaluate..", Set.of("merge.json..")),
          entry("merge.structure..", Set.of()),
          // without two dots: the package alone, not those below it
          entry("kernels.observe..", Set.of("kernels.method..")),
          entry("kernels.methods..", Set.of("kernels.method..")),
          entry("kernels.method..", Set.of("kernels.matrix..")),
          entry("kernels.matrix..", Set.of("kernels")),
          entry(
              "kernels",
              Set.of(
                  "kernels.device..",
                  "kernels.random..",
                  "kernels.statistic..",
                  "kernels.number..")),
          entry("kernels.device..", Set.of("kernels.block..")),
          entry("kernels.statistic..", Set.of("kernels.block..")),
          entry("kernels.random..", Set.of()),
          entry("kernels.block..", Set.of()),
          entry("kernels.number..", Set.of()));

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

  /** Facades take a session that a caller has; that is all they know of Spark. */
  private static final String FACADES = "dev\\.stockpot\\.merge\\.run\\.(Stockpot|Predictions)";

  private static final JavaClasses STOCKPOT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.stockpot");

  static Stream<String> packages() {
    return ARROWS.keySet().stream().filter(name -> name.startsWith("merge.")).sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void usesOnlyWhatItsArrowsReach(String name) {
    String[] reachable =
        Stream.concat(Stream.of(SHARED), reachableFrom(name).stream().map(ArchitectureTest::full))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(full(name))
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.stockpot..")).or(resideInAnyPackage(reachable)))
        .because("packages point one way, see ARROWS")
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
        .because("a new package needs a line in ARROWS")
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

  @Test
  void nobodyUsesTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.stockpot.merge.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.stockpot.merge.cli..")
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

  @ParameterizedTest
  @CsvSource({
    "org.apache.spark.., dev.stockpot.merge.spark..",
    "org.apache.spark.sql.., dev.stockpot.merge.spark.frames.." // so a merge starts without
  })
  void onePackageAndTheFacadesKnowSparkAndItsSql(String library, String importer) {
    noClasses()
        .that()
        .resideOutsideOfPackage(importer)
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

  private static Set<String> reachableFrom(String name) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(name));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (reached.add(next)) {
        open.addAll(ARROWS.getOrDefault(next, Set.of()));
      }
    }
    return reached;
  }
}
