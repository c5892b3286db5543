package dev.stockpot.kernels;

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
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernels know of each other and of libraries; the merge job tests its own packages. */
class ArchitectureTest {
  /** Arrows mean "may use, with all that follows from there". */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          entry("number", Set.of()),
          entry("block", Set.of()),
          entry("random", Set.of()),
          entry("statistic", Set.of("block")),
          entry("device", Set.of("block")),
          entry("", Set.of("number", "random", "statistic", "device")),
          entry("matrix", Set.of("")),
          entry("scalar", Set.of("")),
          entry("vector", Set.of("scalar")),
          entry("rapids", Set.of("scalar")),
          entry("rapids.cudf", Set.of("rapids")),
          entry("method", Set.of("matrix")),
          entry("observe", Set.of("method")),
          entry("methods.average", Set.of("method")),
          entry("methods.taskvector", Set.of("methods.average")),
          entry("methods.consensus", Set.of("methods.taskvector")),
          entry("methods.robust", Set.of("methods.average", "methods.taskvector")),
          entry("methods.federated", Set.of("methods.robust")),
          entry("methods.statistics", Set.of("methods.average")),
          entry("methods.widths", Set.of("method")),
          entry("methods.matching", Set.of("method")),
          entry("methods.moments", Set.of("method")),
          entry("methods.spectral", Set.of("methods.average")),
          entry("methods.sphere", Set.of("methods.average", "methods.taskvector")),
          entry(
              "methods",
              Set.of(
                  "methods.average",
                  "methods.consensus",
                  "methods.federated",
                  "methods.matching",
                  "methods.moments",
                  "methods.robust",
                  "methods.spectral",
                  "methods.sphere",
                  "methods.statistics",
                  "methods.taskvector",
                  "methods.widths")));

  private static final JavaClasses KERNELS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.stockpot.kernels");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.stockpot.(**)").should().beFreeOfCycles().check(KERNELS);
  }

  static Stream<String> packages() {
    return ARROWS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void usesOnlyWhatItsArrowsReach(String name) {
    String[] reachable =
        reachableFrom(name).stream().map(ArchitectureTest::full).toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(full(name))
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.stockpot..")).or(resideInAnyPackage(reachable)))
        .because("packages point one way, see ARROWS")
        .check(KERNELS);
  }

  @Test
  void everyPackageHasArrows() {
    classes()
        .should()
        .resideInAnyPackage(packages().map(ArchitectureTest::full).toArray(String[]::new))
        .because("a new package needs a line in ARROWS")
        .check(KERNELS);
  }

  @Test
  void onlyTheVectorPackageUsesTheIncubator() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.stockpot.kernels.vector..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(KERNELS);
  }

  @Test
  void onlyOnePackageUsesCudf() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.stockpot.kernels.rapids.cudf..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.rapids..")
        .check(KERNELS);
  }

  @Test
  void nothingHereUsesSparkOrHadoop() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
        .check(KERNELS);
  }

  private static String full(String name) {
    return name.isEmpty() ? "dev.stockpot.kernels" : "dev.stockpot.kernels." + name;
  }

  private static Set<String> reachableFrom(String name) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(name));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (reached.add(next)) {
        open.addAll(ARROWS.get(next));
      }
    }
    return reached;
  }
}
