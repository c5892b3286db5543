package dev.stockpot.merge.cli;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.merge.recipe.Suggestion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains the merge methods. */
@Command(
    name = "methods",
    description = {
      "Lists every merge method with its parameters, and every step behind merges (`post`),",
      "or explains one."
    },
    mixinStandardHelpOptions = true)
final class MethodsCommand implements Callable<Integer> {
  private static final int LEAST_WIDTH = 10;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The method or step to explain.")
  private String name;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (json.isGiven()) {
      List<Explained> asked = name == null ? all() : List.of(find());
      out.println(
          RecordJson.line(new Results.Methods(asked.stream().map(Explained::result).toList())));
    } else if (name == null) {
      MergeMethods.all().forEach(method -> list(Explained.of(method), out));
      out.println("Steps behind any merge, listed under `post` of a recipe:");
      out.println();
      PostSteps.all().forEach(step -> list(Explained.of(step), out));
      out.println("stockpot methods NAME explains one.");
    } else {
      explain(find(), out);
    }
    return 0;
  }

  /**
   * What can be said of a method, or of a step behind merges.
   *
   * @param takes the models that it takes
   */
  private record Explained(
      String name, MethodCard card, String takes, List<Parameter<?>> parameters) {
    static Explained of(MergeMethod method) {
      return new Explained(
          method.name(), method.card(), models(method.arity()), method.parameters());
    }

    static Explained of(PostStep step) {
      return new Explained(
          step.name(),
          step.card(),
          "a step behind a merge, under `post`"
              + (step.needsBase() ? "; the base model is required" : ""),
          step.parameters());
    }

    Results.Methods.Method result() {
      return Results.Methods.Method.of(
          name,
          card,
          takes,
          parameters.stream()
              .map(
                  parameter ->
                      new Results.Methods.Parameter(
                          parameter.name(),
                          parameter.scope() == Parameter.Scope.MODEL,
                          parameter.range().toString(),
                          parameter.plainStandard().map(value -> plain(value).toString())))
              .toList());
    }
  }

  private static List<Explained> all() {
    List<Explained> all = new ArrayList<>();
    MergeMethods.all().forEach(method -> all.add(Explained.of(method)));
    PostSteps.all().forEach(step -> all.add(Explained.of(step)));
    return all;
  }

  private Explained find() {
    List<String> names = new ArrayList<>();
    MergeMethods.all().forEach(method -> names.add(method.name()));
    PostSteps.all().forEach(step -> names.add(step.name()));
    return MergeMethods.named(name)
        .map(Explained::of)
        .or(() -> PostSteps.named(name).map(Explained::of))
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "`%s` is not a merge method; %s"
                        .formatted(name, Suggestion.or("the methods are", name, names))));
  }

  private static void list(Explained method, PrintWriter out) {
    out.println("%s: %s".formatted(method.name(), method.card().summary()));
    method.parameters().forEach(parameter -> out.println("  " + line(parameter, width(method))));
    out.println();
  }

  /** Of the column that names the parameters. */
  private static int width(Explained method) {
    return method.parameters().stream()
        .mapToInt(parameter -> parameter.name().length())
        .reduce(LEAST_WIDTH, Math::max);
  }

  private static String line(Parameter<?> parameter, int width) {
    return "%s %s, %s, %s"
        .formatted(
            parameter.name() + " ".repeat(width - parameter.name().length()),
            parameter.scope() == Parameter.Scope.MODEL ? "per model" : "one value",
            parameter.range(),
            parameter.plainStandard().map(value -> "default " + plain(value)).orElse("required"));
  }

  private static Object plain(Object value) {
    return value instanceof Double number && number == Math.rint(number)
        ? (Object) number.longValue()
        : value;
  }

  private static void explain(Explained method, PrintWriter out) {
    MethodCard card = method.card();
    out.println("%s: %s".formatted(method.name(), card.summary()));
    out.println();
    out.println("Formula    " + card.formula());
    out.println("Models     " + method.takes());
    out.println("Use        " + card.use());
    out.println("Reference  " + card.reference());
    out.println();
    for (Parameter<?> parameter : method.parameters()) {
      out.println(line(parameter, width(method)));
      out.println(" ".repeat(width(method) + 1) + parameter.meaning());
    }
  }

  private static String models(Arity arity) {
    String count =
        arity.most() == Arity.ANY
            ? arity.fewest() + " or more"
            : arity.fewest() == arity.most()
                ? String.valueOf(arity.fewest())
                : arity.fewest() + " to " + arity.most();
    return switch (arity.base()) {
      case DONOR -> count + "; a base model gives configuration and tokenizer only";
      case ORIGIN_IF_GIVEN -> count + " beside the base model, which may be left out";
      case ORIGIN -> count + " beside the base model, which is required";
      case ONE_OF_THEM -> count + ", one of which is the base model";
    };
  }
}
