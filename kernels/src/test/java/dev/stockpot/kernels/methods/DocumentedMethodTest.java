package dev.stockpot.kernels.methods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The method that docs/add-a-method.md shows compiles as it stands, is found, and merges. */
class DocumentedMethodTest {
  private static final Path PAGE = Path.of("../docs/add-a-method.md");
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```\n");

  @TempDir private static Path folder;
  private static URLClassLoader loader;

  @BeforeAll
  static void compile() throws IOException {
    Matcher shown = JAVA.matcher(Files.readString(PAGE));
    assertThat(shown.find()).as("%s shows a method", PAGE).isTrue();
    Path source = Files.writeString(folder.resolve("Halfway.java"), shown.group(1));
    assertThat(shown.find()).as("%s shows a method of matrices", PAGE).isTrue();
    Path matrices =
        Files.writeString(folder.resolve("Halfmatrix.java"), ofMatrices(source, shown.group(1)));
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(MergeMethod.class.getName()), "Halfway\n");
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    ToolProvider.getSystemJavaCompiler()
        .run(
            null,
            complaints,
            complaints,
            "-proc:none",
            "-encoding",
            "UTF-8",
            "-Xlint:all,-processing",
            "-classpath",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString(),
            source.toString(),
            matrices.toString());
    assertThat(complaints).hasToString("");
    loader =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, DocumentedMethodTest.class.getClassLoader());
  }

  /** The first method with the second in the place of its program. */
  private static String ofMatrices(Path source, String program) throws IOException {
    String all = Files.readString(source).replace("Halfway", "Halfmatrix");
    int begin = all.indexOf("  @Override public MergeProgram program");
    String refusal =
        """
          @Override public MergeProgram program(TensorTerms terms) {
            throw new IllegalStateException("nobody asks for it");
          }
        }
        """;
    return """
        import dev.stockpot.kernels.matrix.*;
        import dev.stockpot.kernels.number.Shape;
        import java.util.Optional;
        """
        + all.substring(0, begin).replace("import dev.stockpot.kernels.Kernels;\n", "")
        + program
        + refusal;
  }

  @Test
  void makesAMatrixWithOrthonormalRows() throws ReflectiveOperationException {
    MergeMethod method =
        (MergeMethod) loader.loadClass("Halfmatrix").getConstructor().newInstance();
    MatrixProgram program =
        method.matrixProgram(Terms.of("linear", 6).shape(2, 3).model().build()).orElseThrow();
    try (Operands operands = new Operands();
        RootAllocator memory = new RootAllocator();
        Matrices algebra = new Matrices(List.of(new ScalarProvider()), memory, 1)) {
      Shape shape = Shape.of(2, 3);
      WholeTensor in = new WholeTensor(operands.of(DType.F32, 3, 0, 0, 0, 0, 5), shape);
      WholeTensor out = new WholeTensor(operands.zeros(DType.F32, 6), shape);
      program.make(algebra, List.of(in), out);

      assertThat(Operands.floats(out.elements())).containsExactly(1, 0, 0, 0, 0, 1);
      assertThat(memory.getPeakMemoryAllocation()).isLessThanOrEqualTo(program.demand().bytes());
    }
    assertThat(method.matrixProgram(Terms.of("linear", 6).model().build())).isEmpty();
  }

  @AfterAll
  static void close() throws IOException {
    loader.close();
  }

  @Test
  void isFoundBesideOurs() {
    assertThat(MergeMethods.with(ServiceLoader.load(MergeMethod.class, loader)))
        .extracting(MergeMethod::name)
        .containsOnlyOnceElementsOf(List.of("halfway", "ties"));
  }

  static Stream<Merging> wholeAndCut() {
    return Merging.onCpu().flatMap(merging -> Stream.of(merging, merging.cutAt(1, 3)));
  }

  @ParameterizedTest
  @MethodSource("wholeAndCut")
  void goesHalfwayFromTheBaseToTheMean(Merging merging) {
    float[] merged =
        merging.merge(
            halfway().program(terms(4, 3)),
            new float[] {1, -2, 0, 8},
            new float[] {3, -2, 4, 8},
            new float[] {1, 2, -4, 0});

    // the base and half of the mean difference: of 2 and 0, 0 and 4, 4 and -4, 0 and -8
    assertThat(merged).containsExactly(1.5f, -1, 0, 6);
  }

  @Test
  void takesAnyNumberOfModelsButNotNone() {
    assertThat(halfway().arity().fewest()).isOne();
    assertThat(halfway().arity().most()).isEqualTo(Arity.ANY);
    assertThat(halfway().arity().takesOrigin()).isTrue();
  }

  private static MergeMethod halfway() {
    return ServiceLoader.load(MergeMethod.class, loader).stream()
        .map(ServiceLoader.Provider::get)
        .filter(method -> method.name().equals("halfway"))
        .findFirst()
        .orElseThrow();
  }

  private static TensorTerms terms(int elements, int inputs) {
    return new TensorTerms(
        "model.norm.weight",
        Shape.of(elements),
        0,
        Collections.nCopies(inputs, ParameterValues.NONE),
        OptionalInt.of(0),
        ParameterValues.NONE,
        42);
  }
}
