package dev.stockpot.kernels.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeMethod;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytecode of a method that was compiled against 0.1 is refused in words. It is compiled here
 * against declarations as they were then, which are not on the class path when it is loaded.
 */
class EarlierMethodTest {
  private static final String OF_METHODS = "package dev.stockpot.kernels.method; ";
  private static final String OF_ALGEBRA = "package dev.stockpot.kernels; ";

  private static final Map<String, String> DECLARATIONS =
      Map.ofEntries(
          Map.entry("dev/stockpot/kernels/Block", OF_ALGEBRA + "public record Block(int count) {}"),
          Map.entry("dev/stockpot/kernels/Operand", OF_ALGEBRA + "public final class Operand {}"),
          Map.entry(
              "dev/stockpot/kernels/Kernels",
              OF_ALGEBRA
                  + """
                  public interface Kernels<V> {
                    V vector();
                    void begin(Block block);
                    void load(Operand from, V into);
                    void store(V from, Operand to);
                  }
                  """),
          Map.entry(
              "dev/stockpot/kernels/method/MethodCard",
              OF_METHODS
                  + "public record MethodCard(String summary, String formula, String use, String"
                  + " reference) {}"),
          Map.entry(
              "dev/stockpot/kernels/method/Parameter",
              OF_METHODS + "public final class Parameter {}"),
          Map.entry(
              "dev/stockpot/kernels/method/Arity",
              OF_METHODS
                  + "public record Arity(Base base, int fewest, int most) { public enum Base { DONOR } }"),
          Map.entry(
              "dev/stockpot/kernels/method/TensorTerms",
              OF_METHODS + "public record TensorTerms(String tensor) {}"),
          Map.entry(
              "dev/stockpot/kernels/method/BlockMerge",
              OF_METHODS
                  + """
                  import dev.stockpot.kernels.*;

                  public interface BlockMerge {
                    void merge(Block block, java.util.List<Operand> inputs, Operand output);
                  }
                  """),
          Map.entry(
              "dev/stockpot/kernels/method/MergeProgram",
              OF_METHODS
                  + """
                  public interface MergeProgram extends java.io.Serializable {
                    <V> BlockMerge open(dev.stockpot.kernels.Kernels<V> kernels);
                  }
                  """),
          Map.entry(
              "dev/stockpot/kernels/method/MergeMethod",
              OF_METHODS
                  + """
                  public interface MergeMethod {
                    String name();
                    MethodCard card();
                    java.util.List<Parameter> parameters();
                    Arity arity();
                    MergeProgram program(TensorTerms terms);
                  }
                  """));

  private static final String METHOD =
      """
      package example;

      import dev.stockpot.kernels.*;
      import dev.stockpot.kernels.method.*;
      import java.util.List;

      public final class Earlier implements MergeMethod {
        %s
        @Override public String name() { return "earlier"; }
        @Override public MethodCard card() { return new MethodCard("a", "θ = θ₁", "b", "c"); }
        @Override public List<Parameter> parameters() { return List.of(); }
        @Override public Arity arity() { return new Arity(Arity.Base.DONOR, 1, 9); }
        @Override public MergeProgram program(TensorTerms terms) { return new Program(); }

        private record Program() implements MergeProgram {
          @Override public <V> BlockMerge open(Kernels<V> kernels) {
            V first = kernels.vector();
            return (block, inputs, output) -> {
              kernels.begin(block);
              kernels.load(inputs.get(0), first);
              kernels.store(first, output);
            };
          }
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void isRefusedWithWhatChangedAndWhatToDo() throws IOException {
    Path jar = compile("");

    assertRefused(
        jar,
        "merge method example.Earlier in %s/ was written for Stockpot 0.1".formatted(jar),
        "MethodCard",
        "a card also states what the method costs",
        "parameters are typed constants",
        "docs/add-a-method.md");
  }

  @Test
  void isRefusedAlsoWhereItDoesNotEvenStart() throws IOException {
    Path jar = compile("private static final Block NONE = new Block(1);");

    assertRefused(
        jar, "example.Earlier", "was written for Stockpot 0.1", "dev/stockpot/kernels/Block");
  }

  @Test
  void aClassThatIsMissingIsNoFaultOfTheVersion() throws IOException {
    Path jar = compile("private static final Missing NONE = new Missing();");
    Files.delete(jar.resolve("example/Missing.class"));

    assertRefused(
        jar, "example.Earlier", "cannot be loaded", "example/Missing", "on the class path");
  }

  @Test
  void aServiceWithoutAClassIsRefusedToo() throws IOException {
    Path jar = compile("");
    Files.delete(jar.resolve("example/Earlier.class"));

    assertRefused(jar, "example.Earlier", "not found", "take it away");
  }

  private static void assertRefused(Path jar, String... said) throws IOException {
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {jar.toUri().toURL()}, EarlierMethodTest.class.getClassLoader())) {
      assertThatThrownBy(() -> MergeMethods.with(ServiceLoader.load(MergeMethod.class, loader)))
          .isInstanceOf(MethodRefusedException.class)
          .message()
          .contains(said);
    }
  }

  /** Compiles the method, with a field, against the declarations alone; gives its folder. */
  private Path compile(String field) throws IOException {
    Path then = folder.resolve("then");
    List<String> sources = new ArrayList<>();
    for (Map.Entry<String, String> declaration : DECLARATIONS.entrySet()) {
      sources.add(write(folder.resolve("source"), declaration.getKey(), declaration.getValue()));
    }
    run(then, then, sources);
    Path jar = folder.resolve("jar");
    run(
        jar,
        then,
        List.of(
            write(folder.resolve("source"), "example/Earlier", METHOD.formatted(field)),
            write(
                folder.resolve("source"),
                "example/Missing",
                "package example; final class Missing {}")));
    Path services = Files.createDirectories(jar.resolve("META-INF/services"));
    Files.writeString(services.resolve(MergeMethod.class.getName()), "example.Earlier\n");
    return jar;
  }

  private static String write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name + ".java");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  private static void run(Path into, Path classPath, List<String> sources) throws IOException {
    Files.createDirectories(into);
    List<String> arguments =
        new ArrayList<>(
            List.of("-proc:none", "-encoding", "UTF-8", "-classpath", classPath.toString()));
    arguments.addAll(List.of("-d", into.toString()));
    arguments.addAll(sources);
    int exitCode =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(new String[0]));
    assertThat(exitCode).isZero();
  }
}
