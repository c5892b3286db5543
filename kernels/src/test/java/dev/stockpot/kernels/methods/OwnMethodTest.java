package dev.stockpot.kernels.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeMethod;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar with one class and one line of services brings a merge method of its own. */
class OwnMethodTest {
  private static final String SOURCE =
      """
      package example;

      import dev.stockpot.kernels.Kernels;
      import dev.stockpot.kernels.method.*;
      import java.util.List;

      public final class First implements MergeMethod {
        @Override public String name() { return "%s"; }
        @Override public MethodCard card() { return new MethodCard("a", "θ = θ₁", "b", "c", Cost.SUM); }
        @Override public List<Parameter<?>> parameters() { return List.of(); }
        @Override public Arity arity() { return new Arity(Arity.Base.DONOR, 1, Arity.ANY); }
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
  void isFoundInAJar() throws IOException {
    try (URLClassLoader loader = jar("first_of_all")) {
      List<MergeMethod> methods = MergeMethods.with(ServiceLoader.load(MergeMethod.class, loader));

      assertThat(methods).extracting(MergeMethod::name).endsWith("first_of_all");
      assertThat(methods).containsAll(MergeMethods.all());
    }
  }

  @Test
  void mayNotTakeTheNameOfAnother() throws IOException {
    try (URLClassLoader loader = jar("ties")) {
      assertThatThrownBy(() -> MergeMethods.with(ServiceLoader.load(MergeMethod.class, loader)))
          .isInstanceOf(MethodRefusedException.class)
          .hasMessage(
              "merge method example.First in %s is a second merge method of the name ties; rename it",
              folder.resolve("own.jar"));
    }
  }

  private URLClassLoader jar(String name) throws IOException {
    Path source = folder.resolve("First.java");
    Files.writeString(source, SOURCE.formatted(name));
    int exitCode =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-encoding",
                "UTF-8",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(exitCode).isZero();
    Path jar = folder.resolve("own.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(out, "example/First.class", Files.readAllBytes(folder.resolve("example/First.class")));
      add(
          out,
          "example/First$Program.class",
          Files.readAllBytes(folder.resolve("example/First$Program.class")));
      add(
          out,
          "META-INF/services/" + MergeMethod.class.getName(),
          "example.First\n".getBytes(StandardCharsets.UTF_8));
    }
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
  }

  private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(content);
    jar.closeEntry();
  }
}
