package dev.stockpot.kernels;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the kernels know of each other and of libraries; the merge job tests its own packages. */
class ArchitectureTest {
  private static final JavaClasses KERNELS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.stockpot.kernels");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.stockpot.(**)").should().beFreeOfCycles().check(KERNELS);
  }

  @Test
  void numberFormatsStandAlone() {
    classes()
        .that()
        .resideInAPackage("dev.stockpot.kernels.number..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.stockpot.kernels.number..", "java..")
        .check(KERNELS);
  }

  @Test
  void methodsDoNotKnowWhoRunsThem() {
    noClasses()
        .that()
        .resideInAPackage("dev.stockpot.kernels.method..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.stockpot.kernels.scalar..",
            "dev.stockpot.kernels.vector..",
            "dev.stockpot.kernels.rapids..")
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
  void onlyTheRapidsPackageUsesCudf() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.stockpot.kernels.rapids..")
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
}
